#include "effect/ladspa_rdf.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "effect/lv2_units.hpp"
#include "effect/search_path.hpp"

namespace soundalike {
namespace {

constexpr std::string_view ontology = "http://ladspa.org/ontology#";
constexpr std::string_view blanks = " \t\r\n";

/// The little of XML that these files need: names and attributes of elements, entities, namespaces.
class Reader {
 public:
  explicit Reader(LadspaRdf& rdf) : classes_(rdf.classes), scales_(rdf.scales) {}

  void read(std::string_view xml) {
    for (std::size_t at = xml.find('<'); at != xml.npos; at = xml.find('<', at)) {
      const std::string_view rest = xml.substr(at);
      if (rest.starts_with("<!--")) {
        at = xml.find("-->", at);
      } else if (rest.starts_with("<!ENTITY")) {
        at = define(xml, at + 8);
      } else if (rest.starts_with("</") && rest.substr(0, rest.find('>')).ends_with("ControlPort")) {
        port_.clear();
        ++at;
      } else if (rest.starts_with("<!") || rest.starts_with("<?") || rest.starts_with("</")) {
        ++at;
      } else {
        at = element(xml, at + 1);
      }
      if (at == xml.npos) return;
    }
  }

 private:
  static std::string_view word(std::string_view xml, std::size_t& at, std::string_view ends) {
    at = std::min(xml.find_first_not_of(blanks, at), xml.size());
    const std::size_t end = std::min(xml.find_first_of(ends, at), xml.size());
    const std::string_view result = xml.substr(at, end - at);
    at = end;
    return result;
  }

  /// What stands between the next quotes; `at` goes behind them, to npos where there are none.
  static std::string_view quoted(std::string_view xml, std::size_t& at) {
    at = xml.find_first_of("'\"", at);
    if (at == xml.npos) return {};
    const std::size_t end = xml.find(xml[at], at + 1);
    const std::string_view text = xml.substr(at + 1, end == xml.npos ? xml.npos : end - at - 1);
    at = end == xml.npos ? end : end + 1;
    return text;
  }

  std::size_t define(std::string_view xml, std::size_t at) {
    const std::string name(word(xml, at, blanks));
    entities_["&" + name + ";"] = quoted(xml, at);
    return at;
  }

  std::string resolved(std::string_view text) const {
    std::string result;
    while (!text.empty()) {
      const std::size_t begin = std::min(text.find('&'), text.size());
      result += text.substr(0, begin);
      text.remove_prefix(begin);
      const std::size_t end = std::min(text.find(';') + 1, text.size());
      const auto entity = entities_.find(std::string(text.substr(0, end)));
      result += entity == entities_.end() ? text.substr(0, end) : entity->second;
      text.remove_prefix(end);
    }
    return result;
  }

  /// An element from behind its '<' to behind its last attribute.
  std::size_t element(std::string_view xml, std::size_t at) {
    const std::string_view name = word(xml, at, " \t\r\n/>");
    std::string about, number, label;
    while (at < xml.size()) {
      at = xml.find_first_not_of(blanks, at);
      if (at == xml.npos || xml[at] == '>' || xml[at] == '/') break;
      const std::string_view key = word(xml, at, "= \t\r\n>");
      if (at >= xml.size() || xml[at] == '>') break;
      const std::string value = resolved(quoted(xml, at));
      if (key.starts_with("xmlns:")) namespaces_[std::string(key.substr(6))] = value;
      if (key == "rdf:about") about = value;
      if (key == "rdf:value") number = value;
      if (key.ends_with(":hasLabel")) label = value;
    }
    const std::size_t colon = name.find(':');
    if (colon == name.npos) return at;
    const auto space = namespaces_.find(std::string(name.substr(0, colon)));
    if (space == namespaces_.end() || space->second != ontology) return at;
    const std::string_view kind = name.substr(colon + 1);
    const std::size_t hash = about.find('#');
    const std::string subject = hash == about.npos ? "" : about.substr(hash + 1);
    if (kind.ends_with("ControlPort")) port_ = subject;
    if (kind.ends_with("Plugin")) note_class(kind, subject);
    if (kind == "Point") note_point(number, label);
    return at;
  }

  void note_point(const std::string& number, const std::string& label) {
    float value = 0.0f;
    const auto read = std::from_chars(number.data(), number.data() + number.size(), value);
    if (port_.empty() || label.empty() || read.ec != std::errc{} || !std::isfinite(value)) return;
    auto& scale = scales_[port_];
    const auto place = std::ranges::lower_bound(scale, value, {}, &ChoiceValue::plain);
    if (place == scale.end() || place->plain != value) scale.insert(place, {value, label});
  }

  void note_class(std::string_view kind, const std::string& plugin) {
    if (kind == "Plugin" || plugin.empty()) return;
    const bool known = classes_.contains(plugin);
    if (known && (lv2_class_is_general(kind) || specific_.contains(plugin))) return;
    classes_[plugin] = lv2_class_label(kind);
    if (!lv2_class_is_general(kind)) specific_.insert(plugin);
  }

  std::map<std::string, std::string>& classes_;
  std::map<std::string, std::vector<ChoiceValue>>& scales_;
  std::string port_;  // whose points come next
  std::map<std::string, std::string> namespaces_;
  std::map<std::string, std::string> entities_{
      {"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&apos;", "'"}};
  std::set<std::string> specific_;
};

LadspaRdf read_installed() {
  LadspaRdf rdf;
  for (const std::string& folder : folders_of(ladspa_rdf_path())) {
    std::set<std::filesystem::path> files;  // in an order of their own
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
      if (entry.path().extension() == ladspa_rdf_suffix && entry.is_regular_file(error)) files.insert(entry.path());
    }
    for (const auto& file : files) {
      std::ifstream stream(file, std::ios::binary);
      read_ladspa_rdf(std::string{std::istreambuf_iterator<char>(stream), {}}, rdf);
    }
  }
  return rdf;
}

}  // namespace

std::string ladspa_rdf_path() {
  return resolve_search_path("LADSPA_RDF_PATH", "/usr/local/share/ladspa/rdf:/usr/share/ladspa/rdf", {});
}

void read_ladspa_rdf(std::string_view xml, LadspaRdf& rdf) { Reader(rdf).read(xml); }

const LadspaRdf& installed_ladspa_rdf() {
  static const LadspaRdf rdf = read_installed();
  return rdf;
}

}  // namespace soundalike
