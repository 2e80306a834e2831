#include <fmt/format.h>

#include <cstdio>
#include <functional>
#include <map>

#include "options.hpp"
#include "soundalike/error.hpp"

namespace soundalike::lab {
namespace {

constexpr const char* usage =
    "usage: soundalike-style-lab fit  <folder>... --effects <file> [-o <model.json>] [--seed n] [--recordings n per "
    "effect]\n"
    "                                 [--settings n] [--rank n] [--shrinkage x]\n"
    "       soundalike-style-lab rank <folder>... [--effects <file>] [--split test|validation|train] [--seed n]\n"
    "                                 [--recordings n] [--candidates n] [--references n] [--model <model.json>]\n"
    "                                 [--temperature t] [--encoder <model.salmodel>]...\n\n"
    "fit   renders random settings of many effects on both halves of training recordings and fits the style model.\n"
    "rank  shows on held-out recordings how often the same settings on other content are nearer than others, and how\n"
    "      much of the MRSTFT gap between doing nothing and an oracle the choice among random settings closes.\n";

}  // namespace

Options parse(int count, char** arguments) {
  Options options;
  const auto number = [](std::size_t& into) { return [&into](const std::string& text) { into = std::stoul(text); }; };
  const auto real = [](double& into) { return [&into](const std::string& text) { into = std::stod(text); }; };
  const std::map<std::string, std::function<void(const std::string&)>> table{
      {"--effects", [&](const std::string& text) { options.effects = text; }},
      {"-o", [&](const std::string& text) { options.output = text; }},
      {"--model", [&](const std::string& text) { options.model = text; }},
      {"--encoder", [&](const std::string& text) { options.encoders.emplace_back(text); }},
      {"--split", [&](const std::string& text) { options.split = parse_split(text); }},
      {"--seed", [&](const std::string& text) { options.seed = std::stoull(text); }},
      {"--recordings", number(options.recordings)},
      {"--settings", number(options.settings)},
      {"--candidates", number(options.candidates)},
      {"--references", number(options.references)},
      {"--rank", number(options.rank)},
      {"--shrinkage", real(options.shrinkage)},
      {"--temperature", real(options.temperature)},
  };
  options.line = "soundalike-style-lab";
  // Folders by their last name only: what a model records must mean the same on any machine.
  for (int i = 1; i < count; ++i) {
    const std::filesystem::path word(arguments[i]);
    options.line += fmt::format(" {}", word.is_absolute() ? word.filename().string() : word.string());
  }
  if (count < 2) throw Error(ErrorCode::invalid_argument, usage);
  options.command = arguments[1];
  for (int i = 2; i < count; ++i) {
    const std::string word = arguments[i];
    const auto option = table.find(word);
    if (option == table.end()) {
      if (word.starts_with("-"))
        throw Error(ErrorCode::invalid_argument, fmt::format("unknown option '{}'\n{}", word, usage));
      options.corpora.emplace_back(word);
      continue;
    }
    if (++i == count)
      throw Error(ErrorCode::invalid_argument, fmt::format("option '{}' needs a value\n{}", word, usage));
    try {
      option->second(arguments[i]);
    } catch (const std::logic_error&) {
      throw Error(ErrorCode::invalid_argument, fmt::format("option '{}' needs a number, got '{}'", word, arguments[i]));
    }
  }
  if (options.corpora.empty()) throw Error(ErrorCode::invalid_argument, usage);
  return options;
}

}  // namespace soundalike::lab

int main(int count, char** arguments) {
  using namespace soundalike;
  try {
    if (count == 2 && (std::string_view(arguments[1]) == "--help" || std::string_view(arguments[1]) == "-h")) {
      fmt::print("{}\n", lab::usage);
      return 0;
    }
    const lab::Options options = lab::parse(count, arguments);
    if (options.command == "fit") return lab::fit(options);
    if (options.command == "rank") return lab::rank(options);
    throw Error(ErrorCode::invalid_argument, fmt::format("unknown command '{}'; fit and rank exist", options.command));
  } catch (const Error& error) {
    fmt::print(stderr, "soundalike-style-lab: {}\n", error.what());
    return exit_status(error.code());
  } catch (const std::exception& error) {
    fmt::print(stderr, "soundalike-style-lab: {}\n", error.what());
    return 1;
  }
}
