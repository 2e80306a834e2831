#include "program.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <new>
#include <nlohmann/json.hpp>
#include <optional>

#include "arguments.hpp"
#include "configuration.hpp"
#include "context.hpp"
#include "help.hpp"
#include "soundalike/error.hpp"

namespace soundalike::cli {
namespace {

// Whether JSON is wanted must be known even when the rest of the line cannot be understood.
bool wants_json(const std::vector<std::string>& words) {
  const auto end = std::ranges::find(words, "--");
  return std::find(words.begin(), end, "--json") != end;
}

int report(ErrorCode code, const std::string& message, bool document) {
  std::string line = message;
  std::ranges::replace(line, '\n', ' ');
  std::fprintf(stderr, "soundalike: %s\n", line.c_str());
  if (document) {
    const nlohmann::ordered_json error{{"error", {{"code", to_string(code)}, {"message", message}}}};
    const std::string text = error.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
    if (write(STDOUT_FILENO, text.data(), text.size()) < 0) {
      // The status and standard error still tell.
    }
  }
  return exit_status(code);
}

int dispatch(const Invocation& invocation, std::span<const Work> work, Context& context) {
  if (invocation.version) return show_version(context);
  if (invocation.help || invocation.command == nullptr) return show_help(invocation.command, context);
  const auto found = std::ranges::find(work, invocation.command->name, &Work::command);
  return (found == work.end() ? invocation.command->run : found->run)(invocation.arguments, context);
}

}  // namespace

int run_program(const std::vector<std::string>& words, std::span<const Work> work) {
  bool document = wants_json(words);
  std::optional<Context> context;
  const auto fail = [&](ErrorCode code, const std::string& message) {
    if (context) context->clear_progress();
    return report(code, message, document && !(context && context->emitted()));
  };
  try {
    const Invocation invocation = parse(with_configuration(words));
    context.emplace(invocation.arguments);
    return dispatch(invocation, work, *context);
  } catch (const OutputClosed&) {
    return 0;
  } catch (const Error& error) {
    return fail(error.code(), error.what());
  } catch (const std::bad_alloc&) {
    return fail(ErrorCode::internal, "out of memory");
  } catch (const std::exception& error) {
    return fail(ErrorCode::internal, std::string("internal error: ") + error.what());
  } catch (...) {
    return fail(ErrorCode::internal, "internal error: something that is no exception was thrown");
  }
}

}  // namespace soundalike::cli
