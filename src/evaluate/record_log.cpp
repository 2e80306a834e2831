#include "evaluate/record_log.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "soundalike/error.hpp"
#include "soundalike/sha256.hpp"

namespace soundalike::evaluate {
namespace {

using Json = nlohmann::ordered_json;
constexpr std::size_t seal_length = 16;

Json to_json(const std::vector<MetricValue>& values) {
  Json list = Json::array();
  for (const MetricValue& value : values) {
    if (value.value) {
      list.push_back(*value.value);
    } else {
      list.push_back(value.failure);
    }
  }
  return list;
}

std::vector<MetricValue> metric_values(const Json& list) {
  std::vector<MetricValue> values;
  for (const Json& value : list) {
    values.push_back(value.is_string() ? MetricValue::failed(value.get<std::string>())
                                       : MetricValue::of(value.get<double>()));
  }
  return values;
}

std::string seal_of(std::string_view json) { return sha256_hex(json).substr(0, seal_length); }

}  // namespace

std::string to_line(const PairRecord& record) {
  Json json{{"case", record.item},   {"pair", record.pair},           {"recording", record.recording},
            {"group", record.group}, {"models", record.models},       {"skipped", record.skipped},
            {"truth", record.truth}, {"embedding", record.embedding}, {"systems", Json::array()}};
  for (const SystemRecord& system : record.systems) {
    json["systems"].push_back({{"system", system.system},
                               {"failure", system.failure},
                               {"kept_dry", system.kept_dry},
                               {"distance", system.distance},
                               {"raw", to_json(system.raw)},
                               {"matched", to_json(system.matched)},
                               {"knobs", system.knobs},
                               {"embedding", system.embedding}});
  }
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

PairRecord parse_line(const std::string& line) {
  try {
    const Json json = Json::parse(line);
    PairRecord record;
    json.at("case").get_to(record.item);
    json.at("pair").get_to(record.pair);
    json.at("recording").get_to(record.recording);
    json.at("group").get_to(record.group);
    json.at("models").get_to(record.models);
    json.at("skipped").get_to(record.skipped);
    json.at("truth").get_to(record.truth);
    json.at("embedding").get_to(record.embedding);
    for (const Json& each : json.at("systems")) {
      SystemRecord& system = record.systems.emplace_back();
      each.at("system").get_to(system.system);
      each.at("failure").get_to(system.failure);
      each.at("kept_dry").get_to(system.kept_dry);
      each.at("distance").get_to(system.distance);
      system.raw = metric_values(each.at("raw"));
      system.matched = metric_values(each.at("matched"));
      each.at("knobs").get_to(system.knobs);
      each.at("embedding").get_to(system.embedding);
    }
    return record;
  } catch (const nlohmann::json::exception& error) {
    throw Error(ErrorCode::invalid_argument, fmt::format("not a record of an evaluation: {}", error.what()));
  }
}

RecordLog::RecordLog(const std::filesystem::path& file) : file_(file) {
  std::ifstream in(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  std::size_t at = 0;
  for (std::size_t number = 1; at < text.size(); ++number) {
    const std::size_t end = text.find('\n', at);
    if (end == std::string::npos) break;  // cut off while it was written
    const std::string line = text.substr(at, end - at);
    const std::string json = line.size() > seal_length ? line.substr(seal_length + 1) : "";
    if (!line.starts_with(seal_of(json) + " ")) {
      throw Error(
          ErrorCode::invalid_argument,
          fmt::format("cannot go on with '{}': line {} is not as it was written; remove the line to do its pair "
                      "again, or begin in a new folder",
                      file.string(), number));
    }
    records_.push_back(parse_line(json));
    at = end + 1;
  }
  descriptor_ = ::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  if (descriptor_ < 0 || ::ftruncate(descriptor_, static_cast<off_t>(at)) != 0 ||
      ::lseek(descriptor_, 0, SEEK_END) < 0) {
    throw Error(ErrorCode::io, fmt::format("cannot write '{}': {}", file.string(), std::strerror(errno)));
  }
}

RecordLog::~RecordLog() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void RecordLog::add(const PairRecord& record) {
  const std::string json = to_line(record);
  const std::string line = seal_of(json) + " " + json + "\n";
  for (std::size_t done = 0; done < line.size();) {
    const ssize_t n = ::write(descriptor_, line.data() + done, line.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) throw Error(ErrorCode::io, fmt::format("cannot write '{}': {}", file_.string(), std::strerror(errno)));
    done += static_cast<std::size_t>(n);
  }
  if (::fdatasync(descriptor_) != 0 && errno != EINVAL) {
    throw Error(ErrorCode::io, fmt::format("cannot write '{}': {}", file_.string(), std::strerror(errno)));
  }
}

}  // namespace soundalike::evaluate
