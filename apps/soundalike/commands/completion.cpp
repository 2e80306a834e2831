#include "completion.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "arguments.hpp"
#include "context.hpp"

namespace soundalike::cli {
namespace {

struct Shell {
  std::string_view name;
  std::string (*script)();
};
constexpr Shell shells[] = {{"bash", bash_completion}, {"zsh", zsh_completion}, {"fish", fish_completion}};

Words shell_names() {
  Words names;
  for (const Shell& shell : shells) names.push_back(shell.name);
  return names;
}

constexpr Positional positionals[] = {
    {.name = "shell", .kind = ValueKind::choice, .choices = shell_names, .help = "the shell to write for"},
};
constexpr Example examples[] = {
    {"source <(soundalike completion bash)", "complete in this bash"},
    {"soundalike completion zsh > ~/.zfunc/_soundalike", "install for zsh, where ~/.zfunc is in fpath"},
    {"soundalike completion fish > ~/.config/fish/completions/soundalike.fish", "install for fish"},
};

int run(const Arguments& arguments, Context& context) {
  const std::string name = arguments.text("shell");
  const std::string script = std::ranges::find(shells, name, &Shell::name)->script();
  if (context.json()) {
    context.emit({{"shell", name}, {"script", script}});
  } else {
    context.print(script);
  }
  return 0;
}

}  // namespace

extern const Command completion_command{
    .name = "completion",
    .summary = "write a completion script for a shell",
    .description =
        "Completes commands, options, their values, files and the names of installed effects. The installed "
        "package brings the scripts where shells look for them.",
    .positionals = positionals,
    .examples = examples,
    .run = run,
};

}  // namespace soundalike::cli
