#include "command.hpp"
#include "common_options.hpp"
#include "training_options.hpp"
#include "training_program.hpp"

namespace soundalike::cli {
namespace {

Words gradients() { return {"spsa", "central"}; }
Words spectral_losses() { return {"auraloss", "original"}; }

constexpr std::string_view regression = "learning settings";
constexpr std::string_view finish = "finish through the plugin";

constexpr auto learning_options = std::to_array<Option>(
    {{.name = "encoder",
      .kind = ValueKind::text,
      .value = "FILE|NAME",
      .fallback = "style-features",
      .help = "what hears the recordings: a file, a model that ships, style-features or style-axes; stays as it is"},
     {.name = "examples",
      .kind = ValueKind::integer,
      .value = "N",
      .fallback = "8000",
      .minimum = 1,
      .maximum = 1e7,
      .help = "renders to learn from"},
     {.name = "validation-examples",
      .kind = ValueKind::integer,
      .value = "N",
      .fallback = "96",
      .minimum = 1,
      .maximum = 1e5,
      .help = "renders to judge by"},
     {.name = "minimum-seconds",
      .kind = ValueKind::number,
      .value = "SECONDS",
      .fallback = "2",
      .minimum = 0.2,
      .maximum = 60,
      .unit = "s",
      .help = "of each half of a recording; shorter ones are not used"},
     {.name = "variations",
      .kind = ValueKind::integer,
      .value = "N",
      .fallback = "0",
      .minimum = 0,
      .maximum = 1000,
      .help = "more pairs of halves from each recording, at other speeds and from other places; about 1 MB each"},
     {.name = "even",
      .help =
          "as many pairs from each folder, by more variations of those with few recordings, each of its own colour; "
          "--variations is the mean"},
     {.name = "hidden",
      .kind = ValueKind::text,
      .value = "SIZES",
      .fallback = "256,128,64",
      .group = regression,
      .help = "layers of the network"},
     {.name = "members",
      .kind = ValueKind::integer,
      .value = "N",
      .fallback = "1",
      .minimum = 1,
      .maximum = 16,
      .group = regression,
      .help = "networks whose mean is the prediction; more for recordings unlike those learnt from; each takes as much "
              "room and time"},
     {.name = "dropout",
      .kind = ValueKind::number,
      .value = "SHARE",
      .fallback = "0.1",
      .minimum = 0,
      .maximum = 0.9,
      .group = regression,
      .help = "left out in each step; more for few recordings"},
     {.name = "steps",
      .kind = ValueKind::integer,
      .value = "N",
      .fallback = "3000",
      .minimum = 0,
      .maximum = 1e8,
      .group = regression,
      .help = "steps on known settings"},
     {.name = "batch",
      .kind = ValueKind::integer,
      .value = "N",
      .fallback = "128",
      .minimum = 1,
      .maximum = 1e5,
      .group = regression,
      .help = "examples per step"}});

constexpr auto controller_only_options = std::to_array<Option>(
    {effects_option("what to control; several are a chain"),
     {.name = "from",
      .kind = ValueKind::input_file,
      .value = "FILE",
      .help = "a controller to go on from; with --steps 0 --finish-steps 0 only to see what to hedge"},
     {.name = "bottleneck",
      .kind = ValueKind::input_file,
      .value = "FILE",
      .help = "the split design: learn only a small decoder behind this, made by train bottleneck"},
     {.name = "train-encoder",
      .help = "the encoder learns too, from both stages: slow, and holds all examples' images in memory"},
     {.name = "pin",
      .kind = ValueKind::assignment,
      .value = "KNOB=VALUE",
      .repeatable = true,
      .help = "do not predict it"},
     {.name = "fix",
      .kind = ValueKind::assignment,
      .value = "KNOB=VALUE",
      .repeatable = true,
      .help = "predict it, but from examples that all have this value"},
     {.name = "parts",
      .kind = ValueKind::integer,
      .value = "N",
      .fallback = "32",
      .minimum = 0,
      .maximum = 4096,
      .group = regression,
      .help = "of each number's range, whose probabilities are learnt too, for searches; 0: none"},
     {.name = "forest",
      .kind = ValueKind::integer,
      .value = "TREES",
      .fallback = "0",
      .minimum = 0,
      .maximum = 10000,
      .group = regression,
      .help = "fit a random forest of so many to the same examples too, and say how it does; 0: none"}});
constexpr auto finish_options = std::to_array<Option>({
    {.name = "finish-steps",
     .kind = ValueKind::integer,
     .value = "N",
     .fallback = "400",
     .minimum = 0,
     .maximum = 1e8,
     .group = finish,
     .help = "steps through the plugin; 0: none"},
    {.name = "finish-batch",
     .kind = ValueKind::integer,
     .value = "N",
     .fallback = "12",
     .minimum = 1,
     .maximum = 4096,
     .group = finish,
     .help = "examples per step"},
    {.name = "finish-learning-rate",
     .kind = ValueKind::number,
     .value = "RATE",
     .fallback = "0.0003",
     .minimum = 0,
     .maximum = 10,
     .group = finish,
     .help = "AdamW's, at the start"},
    {.name = "gradient",
     .kind = ValueKind::choice,
     .value = "NAME",
     .fallback = "spsa",
     .choices = gradients,
     .group = finish,
     .help = "how the plugin's gradient is estimated"},
    {.name = "perturbations",
     .kind = ValueKind::integer,
     .value = "N",
     .fallback = "1",
     .minimum = 1,
     .maximum = 1024,
     .group = finish,
     .help = "of spsa, per example; each costs two renders"},
    {.name = "step",
     .kind = ValueKind::number,
     .value = "HALF-WIDTH",
     .minimum = 1e-6,
     .maximum = 0.5,
     .group = finish,
     .help = "of the differences, the same for all knobs; default: from the effect's profile, falling"},
    {.name = "rough",
     .group = finish,
     .help = "gradients for rough knobs too (delay times, LFO rates); they are noise"},
    {.name = "settings-weight",
     .kind = ValueKind::number,
     .value = "WEIGHT",
     .fallback = "0.1",
     .minimum = 0,
     .maximum = 1000,
     .group = finish,
     .help = "of the known settings of rough knobs and choices"},
    {.name = "spectral",
     .kind = ValueKind::choice,
     .value = "NAME",
     .fallback = "auraloss",
     .choices = spectral_losses,
     .group = finish,
     .help = "multi-resolution STFT distance that is made small"},
    {.name = "l1",
     .kind = ValueKind::number,
     .value = "WEIGHT",
     .fallback = "0",
     .minimum = 0,
     .maximum = 1e6,
     .group = finish,
     .help = "of the mean absolute difference of samples; rewards doing nothing"},
});
constexpr auto controller_options = join(controller_only_options, training_options, learning_options,
                                         optimiser_options(regression, "3"), finish_options);

constexpr auto bottleneck_only_options = std::to_array<Option>({
    effects_option("the effects to learn from, each by itself; many"),
    {.name = "dimensions",
     .kind = ValueKind::integer,
     .value = "N",
     .fallback = "8",
     .minimum = 1,
     .maximum = 64,
     .help = "of the code between g and h"},
    {.name = "beta",
     .kind = ValueKind::number,
     .value = "WEIGHT",
     .fallback = "0.001",
     .minimum = 0,
     .maximum = 100,
     .help = "of the divergence of the code from a normal distribution; more leaves fewer dimensions in use"},
});
constexpr auto bottleneck_options =
    join(bottleneck_only_options, training_options, learning_options, optimiser_options(regression, "3"));

constexpr Example controller_examples[] = {
    {"soundalike train controller -e 'MDA Overdrive' --data recordings", "a controller for one effect"},
    {"soundalike train controller -e 'MDA Combo' -e 'MDA Delay' --data recordings", "for two effects in series"},
    {"soundalike train controller --config delay.toml --resume", "go on with a run that was stopped"},
    {"soundalike train controller -e 'MDA Leslie' --bottleneck code.salmodel --data recordings",
     "a new effect behind a code that train bottleneck made"},
};
constexpr Example bottleneck_examples[] = {
    {"soundalike train bottleneck -e 'MDA Combo' -e 'MDA Delay' -e 'Calf Filter' --data recordings -o code.salmodel",
     "a code of eight numbers over three effects"},
    {"soundalike train bottleneck --config code.toml --dimensions 4", "what is the same each time in a file"},
};

}  // namespace

extern const Command train_controller_command{
    .name = "train controller",
    .summary = "learn to predict an effect's settings from two recordings",
    .description =
        "Random settings are rendered on one half of recordings; a network learns to tell them from what an encoder "
        "hears of that render and of the other half. Then its smooth knobs are finished through the plugin itself, by "
        "simultaneous perturbation (SPSA), so that the predicted settings sound as near as can be. The best on the "
        "validation split is kept. Ctrl-C stops; --resume goes on as if nothing had happened. "
        "Curves and sounds: tensorboard --logdir runs --samples_per_plugin audio=100.\n\n"
        "Needs the program soundalike-train, which is installed apart, since it brings libtorch.",
    .options = controller_options,
    .examples = controller_examples,
    .run = run_in_training_program,
};

extern const Command train_bottleneck_command{
    .name = "train bottleneck",
    .summary = "learn a code of a few numbers for what effects do",
    .description =
        "The first half of the split design: a network that makes a few numbers of two embeddings, learnt over many "
        "effects at once and then left as it is, so that a new effect only needs a small decoder (train controller "
        "--bottleneck).",
    .options = bottleneck_options,
    .examples = bottleneck_examples,
    .run = run_in_training_program,
};

}  // namespace soundalike::cli
