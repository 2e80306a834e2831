#include "soundalike/protocol.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "evaluate/systems.hpp"
#include "soundalike/error.hpp"
#include "soundalike/metric.hpp"
#include "soundalike/pesq_command.hpp"
#include "soundalike/search.hpp"
#include "soundalike/style_distance.hpp"
#include "soundalike/suggest.hpp"
#include "soundalike/toml_table.hpp"
#include "soundalike/vector_metric.hpp"

namespace soundalike {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t many = 1000000;
constexpr std::pair<std::string_view, Start> starts[] = {
    {"auto", Start::automatic}, {"predict", Start::predict}, {"default", Start::profile}, {"random", Start::random}};
constexpr std::pair<std::string_view, Decision> decisions[] = {{"consensus", Decision::consensus},
                                                               {"nearest", Decision::nearest}};
constexpr std::pair<std::string_view, Pairing> pairings[] = {{"halves", Pairing::halves}, {"other", Pairing::other}};

template <typename Value, std::size_t count>
Words names_of(const std::pair<std::string_view, Value> (&rows)[count]) {
  Words names;
  for (const auto& row : rows) names.push_back(row.first);
  return names;
}

template <typename Value, std::size_t count>
std::string_view name_of(const std::pair<std::string_view, Value> (&rows)[count], Value value) {
  return std::ranges::find(rows, value, &std::pair<std::string_view, Value>::second)->first;
}

template <typename Value, std::size_t count>
void read_choice(TomlTable& table, std::string_view key, Value& value,
                 const std::pair<std::string_view, Value> (&rows)[count]) {
  std::string name(name_of(rows, value));
  table.read(key, name, names_of(rows));
  value = std::ranges::find(rows, name, &std::pair<std::string_view, Value>::first)->second;
}

void read_data(TomlTable data, Protocol& protocol, const fs::path& folder) {
  const auto paths = [&](std::string_view key, std::vector<fs::path>& to) {
    std::vector<std::string> names;
    data.read(key, names);
    for (const auto& name : names) to.push_back(folder / name);
  };
  paths("folders", protocol.data);
  paths("trained_on", protocol.trained_on);
  std::string processed;
  data.read("processed", processed);
  if (!processed.empty()) protocol.processed = folder / processed;
  read_choice(data, "pairs_from", protocol.pairing, pairings);
  std::string split(to_string(protocol.split));
  Words splits_known;
  for (const Split each : splits) splits_known.push_back(to_string(each));
  data.read("split", split, splits_known);
  protocol.split = parse_split(split);
  data.read("held_out", protocol.held_out);
  data.read("minimum_seconds", protocol.minimum_seconds, 0.1, 600.0);
  data.read("maximum_seconds", protocol.maximum_seconds, 0.1, 600.0);
  data.finish();
}

void read_match(TomlTable match, Protocol& protocol, const fs::path& folder) {
  Words distances;
  for (const auto& kind : style_distances()) distances.push_back(kind.name);
  Words searches{"auto"};
  for (const auto& method : search_methods()) searches.push_back(method.name);
  match.read("budget", protocol.match.budget, 1, many);
  match.read("neighbours", protocol.neighbours, 1, many);
  match.read("refine", protocol.refining_renders, 1, many);
  match.read("distance", protocol.match.distance, distances);
  match.read("search", protocol.match.search, searches);
  read_choice(match, "decide", protocol.match.decision, decisions);
  read_choice(match, "init", protocol.match.start, starts);
  std::string controller;
  match.read("controller", controller);
  if (!controller.empty()) protocol.match.controller = folder / controller;
  match.finish();
}

void read_cases(TomlTable& top, Protocol& protocol) {
  for (TomlTable& row : top.tables("case")) {
    ProtocolCase& item = protocol.cases.emplace_back();
    row.read("name", item.name);
    row.read("effect", item.effect);
    row.read("made_with", item.made_with);
    if (item.effect.empty()) row.refuse("effect", "every [[case]] names its effect, or a list of them in series");
    if (!item.made_with.empty() && !protocol.processed.empty()) {
      row.refuse("made_with", "'made_with' has no meaning beside processed recordings: they are made already");
    }
    if (item.name.find('/') != std::string::npos || item.name.starts_with(".")) {
      row.refuse("name", "a case's name is a folder's too: it holds no '/' and does not begin with '.'");
    }
    row.finish();
  }
  if (protocol.cases.empty()) top.refuse("case", "no [[case]]: name at least one effect to match with");
}

void read_outside(TomlTable& top, Protocol& protocol, const fs::path& folder) {
  for (TomlTable& row : top.tables("outside")) {
    OutsideSystem& system = protocol.outside.emplace_back();
    row.read("name", system.name);
    row.read("command", system.command);
    std::string outputs;
    row.read("outputs", outputs);
    if (!outputs.empty()) system.outputs = folder / outputs;
    row.read("timeout_seconds", system.timeout_seconds, 0.1, 86400.0);
    if (system.name.empty()) row.refuse("name", "every [[outside]] has a name");
    if (system.name.find_first_of("/,\"") != std::string::npos || system.name.starts_with(".")) {
      row.refuse("name", "a system's name is a file's too: no '/', ',' or quotes, and no '.' first");
    }
    if (system.command.empty() == system.outputs.empty()) {
      row.refuse("command", fmt::format("'{}' takes either a command or a folder of outputs", system.name));
    }
    if (!system.command.empty() && system.command.find("{output}") == std::string::npos) {
      row.refuse("command", "a command holds {output}, and most hold {input} and {reference}: the files' names");
    }
    row.finish();
  }
}

}  // namespace

std::string_view to_string(Pairing pairing) { return name_of(pairings, pairing); }

Protocol parse_protocol(std::string_view toml, std::string_view origin, const fs::path& folder) {
  Protocol protocol;
  TomlTable top = parse_toml(toml, origin);
  top.read("title", protocol.title);
  std::size_t seed = protocol.seed;
  top.read("seed", seed, 0, std::size_t{1} << 53);
  protocol.seed = seed;
  top.read("pairs", protocol.pairs, 1, many);
  top.read("examples", protocol.examples, 0, many);
  top.read("systems", protocol.systems);
  top.read("metrics", protocol.metrics);
  top.read("encoder", protocol.encoder);
  top.read("pesq_command", protocol.pesq_command);
  read_data(top.table("data"), protocol, folder);
  read_match(top.table("match"), protocol, folder);
  read_cases(top, protocol);
  read_outside(top, protocol, folder);
  top.finish();
  try {
    system_names(protocol);
  } catch (const Error& error) {
    top.refuse("systems", error.what());
  }
  try {
    metric_names(protocol);
  } catch (const Error& error) {
    top.refuse("metrics", error.what());
  }
  return protocol;
}

Protocol read_protocol(const fs::path& file) {
  std::ifstream in(file);
  if (!fs::is_regular_file(file) || !in) {
    throw Error(ErrorCode::not_found, fmt::format("cannot read the protocol '{}': no such file", file.string()));
  }
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  return parse_protocol(text, file.string(), file.parent_path());
}

std::string to_json(const Protocol& protocol) {
  nlohmann::ordered_json json;
  const auto last = [](const fs::path& path) {  // by last names: the same wherever the data lies
    const fs::path normal = path.lexically_normal();
    return (normal.has_filename() ? normal : normal.parent_path()).filename().string();
  };
  json["title"] = protocol.title;
  json["pairs"] = protocol.pairs;
  json["systems"] = system_names(protocol);
  json["metrics"] = metric_names(protocol);
  json["encoder"] = protocol.encoder;
  json["pesq_command"] = protocol.pesq_command;
  json["examples"] = protocol.examples;
  for (const auto& folder : protocol.data) json["folders"].push_back(last(folder));
  json["processed"] = last(protocol.processed);
  json["pairs_from"] = to_string(protocol.pairing);
  json["split"] = to_string(protocol.split);
  json["held_out"] = protocol.held_out;
  for (const auto& manifest : protocol.trained_on) json["trained_on"].push_back(last(manifest));
  json["minimum_seconds"] = protocol.minimum_seconds;
  json["maximum_seconds"] = protocol.maximum_seconds;
  json["budget"] = protocol.match.budget;
  json["neighbours"] = protocol.neighbours;
  json["refine"] = protocol.refining_renders;
  json["distance"] = protocol.match.distance;
  json["search"] = protocol.match.search;
  json["decide"] = name_of(decisions, protocol.match.decision);
  json["init"] = name_of(starts, protocol.match.start);
  json["controller"] = protocol.match.controller ? last(*protocol.match.controller) : "";
  for (const auto& item : protocol.cases) {
    json["cases"].push_back({{"name", item.name}, {"effect", item.effect}, {"made_with", item.made_with}});
  }
  for (const auto& system : protocol.outside) {
    json["outside"].push_back({{"name", system.name},
                               {"command", system.command},
                               {"outputs", last(system.outputs)},
                               {"timeout_seconds", system.timeout_seconds}});
  }
  return json.dump();
}

std::vector<EvaluatedSystem> evaluated_systems() {
  std::vector<EvaluatedSystem> result;
  for (const auto* row : evaluate::systems()) result.push_back({row->name, row->summary});
  return result;
}

std::vector<std::string> system_names(const Protocol& protocol) {
  Words known;
  for (const auto* row : evaluate::systems()) known.push_back(row->name);
  const std::size_t own = known.size();
  std::set<std::string_view> taken(known.begin(), known.end());
  for (const auto& system : protocol.outside) {
    if (!taken.insert(system.name).second) {
      throw Error(ErrorCode::invalid_argument, fmt::format("two systems are called '{}'", system.name));
    }
    known.push_back(system.name);
  }
  for (const auto& name : protocol.systems) {
    if (std::ranges::find(known, name) != known.end()) continue;
    throw Error(ErrorCode::invalid_argument,
                fmt::format("unknown system '{}'{}; there are: {}", name, did_you_mean(name, known), listing(known)));
  }
  std::vector<std::string> result;
  for (std::size_t i = 0; i < known.size(); ++i) {
    // Outside systems are there to be run; naming some of our own does not leave them out.
    const bool named =
        protocol.systems.empty() || i >= own || std::ranges::find(protocol.systems, known[i]) != protocol.systems.end();
    if (named) result.emplace_back(known[i]);
  }
  return result;
}

std::vector<std::string> metric_names(const Protocol& protocol) {
  if (!protocol.pesq_command.empty()) PesqCommand{protocol.pesq_command};  // is it one?
  const auto named = [&](std::string_view name) {
    return protocol.metrics.empty() || std::ranges::find(protocol.metrics, name) != protocol.metrics.end();
  };
  const auto needs = [](std::string_view name, std::string_view key) {
    throw Error(ErrorCode::invalid_argument,
                fmt::format("metric '{}' needs the key '{}', which the protocol does not have", name, key));
  };
  for (const auto& name : protocol.metrics) {
    if (name == PesqCommand::name) {
      if (protocol.pesq_command.empty()) needs(name, "pesq_command");
    } else if (std::ranges::find(vector_metrics(), name, &VectorMetric::name) == vector_metrics().end()) {
      find_metric(name);
    } else if (name != "parameter-mae" && protocol.encoder.empty()) {
      needs(name, "encoder");
    }
  }
  std::vector<std::string> result;
  for (const Metric* metric : metrics()) {
    if (named(metric->name)) result.emplace_back(metric->name);
  }
  if (!protocol.pesq_command.empty() && named(PesqCommand::name)) result.emplace_back(PesqCommand::name);
  return result;
}

}  // namespace soundalike
