#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "soundalike/error.hpp"
#include "soundalike/event_reader.hpp"
#include "track/tensor.hpp"
#include "track/wire_reader.hpp"

namespace soundalike {
namespace {

using track::Tensor;
using track::WireReader;
using Plugins = std::map<std::string, std::string, std::less<>>;

// Where bytes of the record lie in its file.
struct Place {
  std::string_view data;
  std::uint64_t offset;
  LoggedMedia of(std::string_view bytes) const {
    return {.offset = offset + static_cast<std::uint64_t>(bytes.data() - data.data()), .length = bytes.size()};
  }
};

std::uint64_t whole_number(std::string_view text) {
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

LoggedMedia parse_image(std::string_view bytes, const Place& place) {
  LoggedMedia image;
  WireReader reader(bytes);
  while (const auto field = reader.next()) {
    if (field->number == 1) image.height = field->integer;
    if (field->number == 2) image.width = field->integer;
    if (field->number == 4 && field->type == 2) {
      const LoggedMedia at = place.of(field->bytes);
      image.offset = at.offset;
      image.length = at.length;
    }
  }
  return image;
}

LoggedMedia parse_audio(std::string_view bytes, const Place& place) {
  LoggedMedia audio;
  WireReader reader(bytes);
  while (const auto field = reader.next()) {
    if (field->number == 1 && field->type == 5) audio.rate = field->float32();
    if (field->number == 3) audio.frames = field->integer;
    if (field->number == 4 && field->type == 2) {
      const LoggedMedia at = place.of(field->bytes);
      audio.offset = at.offset;
      audio.length = at.length;
    }
  }
  return audio;
}

void take_doubles(const WireReader::Field& field, std::vector<double>& values) {
  if (field.type == 1) values.push_back(field.float64());
  for (std::string_view raw = field.type == 2 ? field.bytes : ""; raw.size() >= 8; raw.remove_prefix(8)) {
    values.push_back(std::bit_cast<double>(track::little_endian(raw.substr(0, 8))));
  }
}

LoggedHistogram parse_histogram(std::string_view bytes) {
  LoggedHistogram histogram;
  WireReader reader(bytes);
  while (const auto field = reader.next()) {
    switch (field->number) {
      case 1:
        histogram.minimum = field->float64();
        break;
      case 2:
        histogram.maximum = field->float64();
        break;
      case 3:
        histogram.count = field->float64();
        break;
      case 4:
        histogram.sum = field->float64();
        break;
      case 6:
        take_doubles(*field, histogram.limits);
        break;
      case 7:
        take_doubles(*field, histogram.counts);
        break;
      default:
        break;
    }
  }
  return histogram;
}

// The tensor of TensorBoard's second histogram format: [buckets x (left, right, count)].
LoggedHistogram histogram_of(const Tensor& tensor) {
  LoggedHistogram histogram;
  for (std::size_t i = 0; i + 2 < tensor.numbers.size(); i += 3) {
    const double left = tensor.numbers[i];
    const double right = tensor.numbers[i + 1];
    const double count = tensor.numbers[i + 2];
    if (i == 0) histogram.minimum = left;
    histogram.maximum = right;
    histogram.count += count;
    histogram.sum += count * (left + right) / 2.0;
    histogram.limits.push_back(right);
    histogram.counts.push_back(count);
  }
  return histogram;
}

EventFile::Hyperparameter parse_hyperparameter(std::string_view bytes) {  // google.protobuf.Value
  EventFile::Hyperparameter value = std::string();
  WireReader reader(bytes);
  while (const auto field = reader.next()) {
    if (field->number == 2 && field->type == 1) value = field->float64();
    if (field->number == 3 && field->type == 2) value = std::string(field->bytes);
    if (field->number == 4 && field->type == 0) value = field->integer != 0;
  }
  return value;
}

// HParamsPluginData{session_start_info = 3 {hparams = 1}}; nothing for what else the plug-in says.
std::optional<LoggedHyperparameters> parse_hyperparameters(std::string_view content) {
  std::optional<LoggedHyperparameters> found;
  WireReader reader(content);
  while (const auto field = reader.next()) {
    if (field->number != 3 || field->type != 2) continue;
    WireReader info(field->bytes);
    while (const auto entry = info.next()) {
      if (entry->number != 1 || entry->type != 2) continue;
      std::string name;
      EventFile::Hyperparameter value = std::string();
      WireReader pair(entry->bytes);
      while (const auto part = pair.next()) {
        if (part->type != 2) continue;
        if (part->number == 1) name = part->bytes;
        if (part->number == 2) value = parse_hyperparameter(part->bytes);
      }
      if (!found) found.emplace();
      found->insert_or_assign(std::move(name), std::move(value));
    }
  }
  return found;
}

void set(LoggedValue& logged, LoggedKind kind, decltype(LoggedValue::value) value) {
  logged.kind = kind;
  logged.value = std::move(value);
}

void take_tensor(LoggedValue& logged, const Tensor& tensor, std::string_view plugin, std::string_view content,
                 const Place& place) {
  if (plugin == "hparams") {
    if (auto values = parse_hyperparameters(content))
      return set(logged, LoggedKind::hyperparameters, std::move(*values));
    return set(logged, LoggedKind::other, LoggedOther{"hyper-parameters: no values"});
  }
  if (plugin == "images" && tensor.texts.size() >= 3) {  // width, height, then a picture per example
    LoggedMedia image = place.of(tensor.texts[2]);
    image.width = whole_number(tensor.texts[0]);
    image.height = whole_number(tensor.texts[1]);
    return set(logged, LoggedKind::image, image);
  }
  if (plugin == "audio" && !tensor.texts.empty()) return set(logged, LoggedKind::audio, place.of(tensor.texts[0]));
  if (plugin == "histograms" && tensor.texts.empty()) return set(logged, LoggedKind::histogram, histogram_of(tensor));
  if ((plugin == "text" || plugin.empty()) && !tensor.texts.empty()) {
    std::string text;
    for (const std::string_view one : tensor.texts) text += (text.empty() ? "" : "\n") + std::string(one);
    return set(logged, LoggedKind::text, std::move(text));
  }
  if ((plugin == "scalars" || plugin.empty()) && tensor.numbers.size() == 1) {
    return set(logged, LoggedKind::scalar, tensor.numbers.front());
  }
  set(logged, LoggedKind::other,
      LoggedOther{plugin.empty() ? tensor.described() : fmt::format("{} of plug-in '{}'", tensor.described(), plugin)});
}

LoggedValue parse_value(std::string_view bytes, const LoggedValue& event, const Place& place, Plugins& plugins) {
  LoggedValue logged = event;
  std::string_view plugin, content;
  bool known = false;
  WireReader reader(bytes);
  while (const auto field = reader.next()) {
    if (field->number == 1 && field->type == 2) logged.tag = field->bytes;
    if (field->number == 9 && field->type == 2) {
      WireReader metadata(field->bytes);
      while (const auto inside = metadata.next()) {
        if (inside->number != 1 || inside->type != 2) continue;
        WireReader data(inside->bytes);
        while (const auto part = data.next()) {
          if (part->type == 2 && part->number == 1) plugin = part->bytes;
          if (part->type == 2 && part->number == 2) content = part->bytes;
        }
      }
    }
  }
  if (reader.broken()) throw Error(ErrorCode::invalid_argument, "a value in it is damaged");
  if (!plugin.empty()) plugins.insert_or_assign(logged.tag, std::string(plugin));
  if (const auto told = plugins.find(logged.tag); plugin.empty() && told != plugins.end()) plugin = told->second;
  WireReader again(bytes);
  while (const auto field = again.next()) {
    known = true;
    if (field->number == 2 && field->type == 5) {
      set(logged, LoggedKind::scalar, static_cast<double>(field->float32()));
    } else if (field->number == 4 && field->type == 2) {
      set(logged, LoggedKind::image, parse_image(field->bytes, place));
    } else if (field->number == 5 && field->type == 2) {
      set(logged, LoggedKind::histogram, parse_histogram(field->bytes));
    } else if (field->number == 6 && field->type == 2) {
      set(logged, LoggedKind::audio, parse_audio(field->bytes, place));
    } else if (field->number == 8 && field->type == 2) {
      take_tensor(logged, track::parse_tensor(field->bytes), plugin, content, place);
    }
  }
  if (!known) set(logged, LoggedKind::other, LoggedOther{"an empty value"});
  return logged;
}

}  // namespace

std::string_view to_string(LoggedKind kind) {
  constexpr std::string_view names[] = {"scalar", "audio",           "image",   "histogram",
                                        "text",   "hyperparameters", "restart", "other"};
  return names[static_cast<std::size_t>(kind)];
}

std::vector<LoggedValue> parse_event(std::string_view data, std::uint64_t offset, Plugins& plugins) {
  LoggedValue event{.value = LoggedOther{"a value of unknown kind"}};
  const Place place{data, offset};
  std::vector<LoggedValue> values;
  WireReader header(data);  // time and step may stand behind the values
  while (const auto field = header.next()) {
    if (field->number == 1 && field->type == 1) event.time = field->float64();
    if (field->number == 2 && field->type == 0) event.step = field->whole();
  }
  if (header.broken()) throw Error(ErrorCode::invalid_argument, "it is not an event");
  constexpr std::string_view unread[] = {"", "", "", "", "graph", "", "log message", "", "run metadata", "meta graph"};
  WireReader reader(data);
  while (const auto field = reader.next()) {
    if (field->type != 2) continue;
    if (field->number == 5) {
      WireReader summary(field->bytes);
      while (const auto value = summary.next()) {
        if (value->number == 1 && value->type == 2) values.push_back(parse_value(value->bytes, event, place, plugins));
      }
      if (summary.broken()) throw Error(ErrorCode::invalid_argument, "its summary is damaged");
    } else if (field->number == 7) {
      WireReader session(field->bytes);
      while (const auto status = session.next()) {
        if (status->number != 1 || status->integer != 1) continue;
        values.push_back(event);
        set(values.back(), LoggedKind::restart, LoggedRestart{});
      }
    } else if (field->number < std::size(unread) && !unread[field->number].empty()) {
      values.push_back(event);
      values.back().tag = unread[field->number];
      set(values.back(), LoggedKind::other, LoggedOther{std::string(unread[field->number])});
    }
  }
  return values;
}

}  // namespace soundalike
