# Golden numbers of tests/statistics by R itself, which knows the names of these tests by heart.
#
#   apt-get install r-base-core
#   Rscript tools/golden/statistics.R > tests/statistics/golden_r.hpp
options(digits = 17, warn = 2)

numbers <- function(values) paste0("{", paste(format(values, digits = 17, trim = TRUE), collapse = ", "), "}")

# Whole numbers, so that some are equal: subjects in rows. The same as in paired_statistics.py.
ratings <- function(subjects, conditions, state, steps = 20) {
  table <- matrix(0, subjects, conditions)
  for (s in 1:subjects) for (c in 1:conditions) {
    # 32 bits do not fit R's integers, and their products not its doubles: by halves.
    high <- state %/% 65536; low <- state %% 65536
    state <- ((high * 1664525) %% 65536 * 65536 + low * 1664525 + 1013904223) %% 2^32
    table[s, c] <- ((state %/% 256) * steps) %/% 2^24 + 3 * (c - 1)
  }
  table
}

cat("// Written by tools/golden/statistics.R with", R.version.string, "; do not edit.\n")
cat("#pragma once\n\n#include <vector>\n\nnamespace golden_r {\n\n")

cat("struct Quartiles {\n  std::vector<double> values;\n  double hinge1, median, hinge3, type7_1, type7_3;\n};\n")
cat("inline const std::vector<Quartiles> quartiles{\n")
for (values in list(c(7), c(3, 1), c(4, 1, 3, 2, 6, 5), c(1, 2, 3, 4, 5), c(12, 99, 47, 47, 80, 3, 55),
                    c(88, 92, 75, 60, 100, 31, 70, 90), c(90, 91, 92, 100, 95, 97, 89, 12, 100, 100, 96))) {
  five <- fivenum(values)
  seven <- quantile(values, c(0.25, 0.75), type = 7, names = FALSE)
  cat("    {", numbers(values), ", ", paste(format(c(five[2:4], seven), digits = 17, trim = TRUE), collapse = ", "), "},\n", sep = "")
}
cat("};\n\n")

cat("struct Paired {\n  std::vector<double> differences;\n  double exact_p, normal_p;\n};\n")
cat("inline const std::vector<Paired> pairs{  // exact where no two are equal\n")
for (d in list(c(1.83, 0.50, 1.62, 2.48, -1.68, 1.88, -1.55, 3.06, -1.30),
               c(6, 8, 14, 16, 23, 24, 28, 29, 41, -48, 49, 56, 60, -67, 75))) {
  exact <- wilcox.test(d, exact = TRUE)$p.value
  normal <- wilcox.test(d, exact = FALSE, correct = FALSE)$p.value
  cat("    {", numbers(d), ", ", format(exact, digits = 17), ", ", format(normal, digits = 17), "},\n", sep = "")
}
cat("};\n\n")

p <- c(0.01, 0.04, 0.03, 0.005, 0.6, 0.04, 0.0002)
cat("inline const std::vector<double> p", numbers(p), ";\n", sep = "")
cat("inline const std::vector<double> holm", numbers(p.adjust(p, "holm")), ";\n", sep = "")
cat("inline const std::vector<double> hochberg", numbers(p.adjust(p, "hochberg")), ";\n\n", sep = "")

cat("struct Repeated {\n  int conditions;\n  std::vector<double> rows;\n")
cat("  double friedman, friedman_p, f, p, greenhouse_geisser, huynh_feldt;\n")
cat("  std::vector<double> nemenyi;  // pairs in order: 1-2, 1-3 ... 2-3 ...\n};\n")
cat("inline const std::vector<Repeated> repeated{\n")
for (shape in list(c(8, 3, 7), c(12, 4, 11), c(20, 5, 5))) {
  n <- shape[1]; k <- shape[2]
  table <- ratings(n, k, shape[3])
  f <- friedman.test(table)
  long <- data.frame(y = as.vector(table), s = factor(rep(1:n, k)), c = factor(rep(1:k, each = n)))
  within <- summary(aov(y ~ c + Error(s / c), long))[["Error: s:c"]][[1]]
  # Epsilons of mauchly's design, as anova.mlm() has them.
  fit <- lm(table ~ 1)
  spherical <- anova(fit, X = ~1, test = "Spherical")
  text <- capture.output(print(spherical))
  S <- cov(table); C <- diag(k) - 1 / k; D <- C %*% S %*% C
  gg <- sum(diag(D))^2 / ((k - 1) * sum(D * D))
  hf <- (n * (k - 1) * gg - 2) / ((k - 1) * (n - 1 - (k - 1) * gg))
  printed <- as.numeric(sub(".*: *", "", grep("epsilon", text, value = TRUE)))
  stopifnot(abs(printed[1] - gg) < 1e-3, abs(printed[2] - hf) < 1e-3)  # R prints four digits
  ranks <- colMeans(t(apply(table, 1, rank)))
  nemenyi <- c()
  for (a in 1:(k - 1)) for (b in (a + 1):k) {
    q <- abs(ranks[a] - ranks[b]) / sqrt(k * (k + 1) / (6 * n)) * sqrt(2)
    nemenyi <- c(nemenyi, ptukey(q, k, Inf, lower.tail = FALSE))
  }
  cat("    {", k, ", ", numbers(as.vector(t(table))), ",\n     ",
      paste(format(c(f$statistic, f$p.value, within[1, "F value"], within[1, "Pr(>F)"], gg, min(1, hf)), digits = 17,
                   trim = TRUE), collapse = ", "), ",\n     ", numbers(nemenyi), "},\n", sep = "")
}
cat("};\n\n}  // namespace golden_r\n")
