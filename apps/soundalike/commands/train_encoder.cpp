#include "command.hpp"
#include "common_options.hpp"
#include "training_options.hpp"
#include "training_program.hpp"

namespace soundalike::cli {
namespace {

Words beta_schedules() { return {"constant", "linear", "cyclic", "cyclic-falling"}; }
// The rows of encoder_kinds(), which links torch and is therefore not asked here; tests/train compares the two.
Words encoders() {
  return {"style-encoder", "spectrogram-vae", "spectrogram-vae-small", "mel-vae",
          "mel-vae-small", "vq-vae",          "vq-vae-small",          "joint-vae",
          "digits-vae",    "joint-vae-small"};
}

constexpr std::string_view material = "what it hears";
constexpr std::string_view learning = "learning";

constexpr auto encoder_options = std::to_array<Option>({
    {.name = "model",
     .letter = 'm',
     .kind = ValueKind::choice,
     .value = "NAME",
     .fallback = "style-encoder",
     .choices = encoders,
     .help = "what to train"},
    effects_option("what recordings are sent through, drawn at random; without any, a VAE hears recordings as they are",
                   false),
    {.name = "effects",
     .kind = ValueKind::input_file,
     .value = "FILE",
     .help = "the same, one URI per line; those that are not installed are left out"},
    {.name = "full-precision", .help = "store the weights in 32 bits instead of 16"},
    {.name = "episodes",
     .kind = ValueKind::integer,
     .value = "N",
     .fallback = "200",
     .minimum = 1,
     .maximum = 1e6,
     .group = material,
     .help = "each is a few effects with a few settings on one recording, or two where distances are learnt"},
    {.name = "validation-episodes",
     .kind = ValueKind::integer,
     .value = "N",
     .fallback = "24",
     .minimum = 1,
     .maximum = 1e5,
     .group = material,
     .help = "to judge by, on other recordings"},
    {.name = "effects-per-episode",
     .kind = ValueKind::integer,
     .value = "N",
     .fallback = "4",
     .minimum = 1,
     .maximum = 100,
     .group = material,
     .help = "drawn for each"},
    {.name = "settings",
     .kind = ValueKind::integer,
     .value = "N",
     .fallback = "6",
     .minimum = 1,
     .maximum = 1000,
     .group = material,
     .help = "drawn for each of these effects"},
    {.name = "steps",
     .kind = ValueKind::integer,
     .value = "N",
     .fallback = "2000",
     .minimum = 1,
     .maximum = 1e8,
     .group = learning,
     .help = "of the optimiser"},
    {.name = "batch",
     .kind = ValueKind::integer,
     .value = "N",
     .fallback = "16",
     .minimum = 1,
     .maximum = 4096,
     .group = learning,
     .help = "images per step"},
    {.name = "batch-episodes",
     .kind = ValueKind::integer,
     .value = "N",
     .fallback = "6",
     .minimum = 1,
     .maximum = 1024,
     .group = learning,
     .help = "episodes per step, where distances are learnt"},
    {.name = "beta",
     .kind = ValueKind::number,
     .value = "WEIGHT",
     .fallback = "0.001",
     .minimum = 0,
     .maximum = 100,
     .group = learning,
     .help = "of a VAE's divergence, at its greatest; models are judged at it"},
    {.name = "beta-low",
     .kind = ValueKind::number,
     .value = "WEIGHT",
     .fallback = "0.0001",
     .minimum = 0,
     .maximum = 100,
     .group = learning,
     .help = "at its least"},
    {.name = "beta-schedule",
     .kind = ValueKind::choice,
     .value = "NAME",
     .fallback = "cyclic",
     .choices = beta_schedules,
     .group = learning,
     .help = "how it changes; cyclic rises in each cycle and then stays"},
    {.name = "beta-cycles",
     .kind = ValueKind::integer,
     .value = "N",
     .fallback = "4",
     .minimum = 1,
     .maximum = 10000,
     .group = learning,
     .help = "of the cyclic schedules"},
});
constexpr auto options = join(encoder_options, training_options, optimiser_options(learning, "5"));

constexpr Example examples[] = {
    {"soundalike train encoder --data recordings --effects models/style/effects.txt", "the style encoder"},
    {"soundalike train encoder -m mel-vae-small -d recordings -e 'MDA Delay' -e 'MDA Overdrive' --beta 0.0005",
     "a VAE of mel spectrograms"},
    {"soundalike train encoder -m digits-vae -d digits --episodes 1500 --run runs/digits", "a VAE of single words"},
    {"soundalike train encoder -m digits-vae -d digits --episodes 1500 --run runs/digits --resume",
     "go on with it after Ctrl-C"},
};

}  // namespace

extern const Command train_encoder_command{
    .name = "train encoder",
    .summary = "learn to hear what was done to a recording",
    .description =
        "Recordings are sent through effects with random settings, once; then a network learns from that: the style "
        "encoder how different settings sound whatever the content, the VAEs to say their input again from a few "
        "numbers. What it hears is stored with it; match and train controller run it without libtorch. Pictures of "
        "what a VAE says, its divergence by dimension and the units in use stand among the run's curves.\n\n"
        "Needs the program soundalike-train, which is installed apart, since it brings libtorch.",
    .options = options,
    .examples = examples,
    .run = run_in_training_program,
};

}  // namespace soundalike::cli
