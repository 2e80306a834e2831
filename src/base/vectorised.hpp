#pragma once

/// Compiles a function for several instruction sets; the best the machine has is chosen at start. Everything is
/// built without contraction to fused multiply-adds, so a loop whose elements do not depend on each other, or whose
/// sums are kept in lanes of fixed order, rounds alike in all of them. The sanitizers cannot start with it.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
#define SOUNDALIKE_VECTORISED __attribute__((target_clones("default", "avx2", "avx512f")))
#else
#define SOUNDALIKE_VECTORISED
#endif
