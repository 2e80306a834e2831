#include "catalogue.hpp"

#include <algorithm>

namespace soundalike::cli {

extern const Command match_command;
extern const Command render_command;
extern const Command effects_command;
extern const Command effects_show_command;
extern const Command effects_probe_command;
extern const Command effects_audit_command;
extern const Command distance_command;
extern const Command metric_command;
extern const Command metric_list_command;
extern const Command spectrogram_command;
extern const Command map_command;
extern const Command map_label_command;
extern const Command map_export_command;
extern const Command map_import_command;
extern const Command latent_picture_command;
extern const Command latent_sweep_command;
extern const Command latent_scores_command;
extern const Command latent_effects_command;
extern const Command latent_blend_command;
extern const Command models_command;
extern const Command serve_command;
extern const Command evaluate_match_command;
extern const Command evaluate_run_command;
extern const Command data_list_command;
extern const Command data_fetch_command;
extern const Command data_split_command;
extern const Command data_synth_command;
extern const Command data_check_command;
extern const Command study_new_command;
extern const Command study_lint_command;
extern const Command study_report_command;
extern const Command study_export_command;
extern const Command study_import_command;
extern const Command study_erase_command;
extern const Command train_controller_command;
extern const Command train_encoder_command;
extern const Command train_bottleneck_command;
extern const Command help_command;
extern const Command completion_command;

namespace {

constexpr const Command* rows[] = {
    &match_command,
    &render_command,
    &effects_command,
    &effects_show_command,
    &effects_probe_command,
    &effects_audit_command,
    &distance_command,
    &metric_command,
    &metric_list_command,
    &spectrogram_command,
    &map_command,
    &map_label_command,
    &map_export_command,
    &map_import_command,
    &latent_picture_command,
    &latent_sweep_command,
    &latent_scores_command,
    &latent_effects_command,
    &latent_blend_command,
    &models_command,
    &serve_command,
    &evaluate_match_command,
    &evaluate_run_command,
    &data_list_command,
    &data_fetch_command,
    &data_split_command,
    &data_synth_command,
    &data_check_command,
    &study_new_command,
    &study_lint_command,
    &study_report_command,
    &study_export_command,
    &study_import_command,
    &study_erase_command,
    &train_controller_command,
    &train_encoder_command,
    &train_bottleneck_command,
    &help_command,
    &completion_command,
};

constexpr std::string_view global_group = "global options";

constexpr Option globals[] = {
    {.name = "json",
     .group = global_group,
     .help = "print one JSON document on standard output; progress becomes one JSON object per line on standard error"},
    {.name = "quiet",
     .letter = 'q',
     .group = global_group,
     .help = "no progress and no remarks, only results and errors"},
    {.name = "no-progress", .group = global_group, .help = "no progress display"},
    {.name = "color",
     .kind = ValueKind::choice,
     .value = "WHEN",
     .fallback = "auto",
     .choices =
         [] {
           return Words{"auto", "always", "never"};
         },
     .group = global_group,
     .help = "colour the output; auto: on a terminal, unless NO_COLOR is set"},
    {.name = "jobs",
     .letter = 'j',
     .kind = ValueKind::integer,
     .value = "N",
     .fallback = "0",
     .minimum = 0,
     .maximum = 1024,
     .group = global_group,
     .help = "render workers; 0: one per core. Results do not depend on it"},
    {.name = "help", .letter = 'h', .group = global_group, .help = "show help for the command"},
    {.name = "version", .letter = 'V', .group = global_group, .help = "show the version"},
};

}  // namespace

std::span<const Command* const> commands() { return rows; }

const Command* find_command(std::string_view name) {
  const auto found = std::ranges::find(rows, name, &Command::name);
  return found == std::end(rows) ? nullptr : *found;
}

bool begins_command(std::string_view words) {
  return std::ranges::any_of(rows, [&](const Command* command) {
    return command->name.size() > words.size() && command->name.starts_with(words) &&
           command->name[words.size()] == ' ';
  });
}

std::span<const Option> global_options() { return globals; }

}  // namespace soundalike::cli
