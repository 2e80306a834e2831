#include <fmt/format.h>

#include "infer/step.hpp"

namespace soundalike::infer {
namespace {

class Unchanged final : public Step {
 public:
  Values run(Values x) const override { return x; }
};

class Difference final : public Step {
 public:
  Values run(Values x) const override {
    const std::size_t half = x.size() / 2;
    for (std::size_t i = 0; i < half; ++i) x[i] = x[half + i] - x[i];
    return x;
  }
};

class MeanPool final : public Step {
 public:
  explicit MeanPool(std::size_t channels) : channels_(channels) {}
  Values run(Values x) const override {
    const std::size_t size = x.size() / channels_;
    Values out(channels_);
    for (std::size_t c = 0; c < channels_; ++c) {
      double sum = 0.0;
      for (std::size_t i = 0; i < size; ++i) sum += x[c * size + i];
      out[c] = static_cast<float>(sum / static_cast<double>(size));
    }
    return out;
  }

 private:
  std::size_t channels_;
};

class Quantise final : public Step {
 public:
  Quantise(Values codebook, std::size_t channels) : codebook_(std::move(codebook)), channels_(channels) {}
  Values run(Values x) const override {
    const std::size_t positions = x.size() / channels_;
    for (std::size_t p = 0; p < positions; ++p) {
      const float* nearest = codebook_.data();
      float least = -1.0f;
      for (const float* code = nearest; code != codebook_.data() + codebook_.size(); code += channels_) {
        float distance = 0.0f;
        for (std::size_t c = 0; c < channels_; ++c) {
          const float d = x[c * positions + p] - code[c];
          distance += d * d;
        }
        if (least < 0.0f || distance < least) {
          least = distance;
          nearest = code;
        }
      }
      for (std::size_t c = 0; c < channels_; ++c) x[c * positions + p] = nearest[c];
    }
    return x;
  }

 private:
  Values codebook_;  // [codes, C]
  std::size_t channels_;
};

class Residual final : public Step {
 public:
  explicit Residual(Sequence inside) : inside_(std::move(inside)) {}
  Values run(Values x) const override {
    const Values change = inside_.run(x);
    for (std::size_t i = 0; i < x.size(); ++i) x[i] += change[i];
    return x;
  }

 private:
  Sequence inside_;
};

class Parallel final : public Step {
 public:
  explicit Parallel(std::vector<Sequence> branches) : branches_(std::move(branches)) {}
  Values run(Values x) const override {
    Values out;
    for (const Sequence& branch : branches_) {
      const Values part = branch.run(x);
      out.insert(out.end(), part.begin(), part.end());
    }
    return out;
  }

 private:
  std::vector<Sequence> branches_;
};

Sequence inside_of(const LayerReader& reader) {
  if (reader.layer().inside.empty()) reader.fail("it has no layers inside");
  return {reader.checkpoint(), reader.layer().inside, reader.input(), reader.where()};
}

}  // namespace

BuiltStep make_flatten(LayerReader& reader) {
  return {std::make_unique<Unchanged>(), {count_of(reader.input(), reader.where())}};
}

BuiltStep make_reshape(LayerReader& reader) {
  const Shape shape = reader.sizes("shape");
  if (count_of(shape, reader.where()) != count_of(reader.input(), reader.where())) {
    reader.fail(fmt::format("{} cannot become {}", to_text(reader.input()), to_text(shape)));
  }
  return {std::make_unique<Unchanged>(), shape};
}

BuiltStep make_difference(LayerReader& reader) {
  if (reader.input().size() != 1 || reader.input()[0] % 2 != 0) {
    reader.fail(fmt::format("its input is {}, expected two vectors, joined", to_text(reader.input())));
  }
  return {std::make_unique<Difference>(), reader.input()};
}

BuiltStep make_mean_pool(LayerReader& reader) {
  if (reader.input().empty()) reader.fail("its input is one number, expected channels");
  return {std::make_unique<MeanPool>(reader.input()[0]), {reader.input()[0]}};
}

BuiltStep make_quantise(LayerReader& reader) {
  const Shape& codebook = reader.shape_of("codebook");
  if (reader.input().empty() || codebook.size() != 2 || codebook[1] != reader.input()[0]) {
    reader.fail(fmt::format("tensor '{}.codebook' is {}, which does not fit an input of {}", reader.layer().name,
                            to_text(codebook), to_text(reader.input())));
  }
  return {std::make_unique<Quantise>(reader.tensor("codebook", codebook), codebook[1]), reader.input()};
}

BuiltStep make_sequence(LayerReader& reader) {
  Sequence inside = inside_of(reader);
  Shape output = inside.output();
  return {std::make_unique<Sequence>(std::move(inside)), std::move(output)};
}

BuiltStep make_residual(LayerReader& reader) {
  Sequence inside = inside_of(reader);
  if (inside.output() != reader.input()) {
    reader.fail(fmt::format("its layers make {} of {}", to_text(inside.output()), to_text(reader.input())));
  }
  return {std::make_unique<Residual>(std::move(inside)), reader.input()};
}

BuiltStep make_parallel(LayerReader& reader) {
  if (reader.layer().inside.empty()) reader.fail("it has no layers inside");
  std::vector<Sequence> branches;
  std::size_t size = 0;
  for (const Layer& branch : reader.layer().inside) {
    branches.emplace_back(reader.checkpoint(), std::span(&branch, 1), reader.input(),
                          fmt::format("{}: branch {}", reader.where(), branches.size() + 1));
    size += count_of(branches.back().output(), reader.where());
  }
  return {std::make_unique<Parallel>(std::move(branches)), {size}};
}

}  // namespace soundalike::infer
