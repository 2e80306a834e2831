#include "effect/ladspa_classes.hpp"

#include <algorithm>
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
  explicit Reader(LadspaClasses& classes) : classes_(classes) {}

  void read(std::string_view xml) {
    for (std::size_t at = xml.find('<'); at != xml.npos; at = xml.find('<', at)) {
      const std::string_view rest = xml.substr(at);
      if (rest.starts_with("<!--")) {
        at = xml.find("-->", at);
      } else if (rest.starts_with("<!ENTITY")) {
        at = define(xml, at + 8);
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
    std::string result(text);
    for (const auto& [name, value] : entities_) {
      for (std::size_t at = result.find(name); at != result.npos; at = result.find(name, at + value.size())) {
        result.replace(at, name.size(), value);
      }
    }
    return result;
  }

  /// An element from behind its '<' to behind its last attribute.
  std::size_t element(std::string_view xml, std::size_t at) {
    const std::string_view name = word(xml, at, " \t\r\n/>");
    std::string about;
    while (at < xml.size()) {
      at = xml.find_first_not_of(blanks, at);
      if (at == xml.npos || xml[at] == '>' || xml[at] == '/') break;
      const std::string_view key = word(xml, at, "= \t\r\n>");
      if (at >= xml.size() || xml[at] == '>') break;
      const std::string value = resolved(quoted(xml, at));
      if (key.starts_with("xmlns:")) namespaces_[std::string(key.substr(6))] = value;
      if (key == "rdf:about") about = value;
    }
    note(name, about);
    return at;
  }

  void note(std::string_view name, const std::string& about) {
    const std::size_t colon = name.find(':'), hash = about.find('#');
    if (colon == name.npos || hash == about.npos || !name.ends_with("Plugin")) return;
    const auto space = namespaces_.find(std::string(name.substr(0, colon)));
    if (space == namespaces_.end() || space->second != ontology) return;
    const std::string_view kind = name.substr(colon + 1);
    if (kind == "Plugin") return;
    const std::string plugin = about.substr(hash + 1);
    const bool known = classes_.contains(plugin);
    if (known && (lv2_class_is_general(kind) || specific_.contains(plugin))) return;
    classes_[plugin] = lv2_class_label(kind);
    if (!lv2_class_is_general(kind)) specific_.insert(plugin);
  }

  LadspaClasses& classes_;
  std::map<std::string, std::string> entities_, namespaces_;
  std::set<std::string> specific_;
};

LadspaClasses read_installed() {
  LadspaClasses classes;
  const std::string path =
      resolve_search_path("LADSPA_RDF_PATH", "/usr/local/share/ladspa/rdf:/usr/share/ladspa/rdf", {});
  for (const std::string& folder : folders_of(path)) {
    std::set<std::filesystem::path> files;  // in an order of their own
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
      if (entry.path().extension() == ".rdf" && entry.is_regular_file(error)) files.insert(entry.path());
    }
    for (const auto& file : files) {
      std::ifstream stream(file, std::ios::binary);
      read_ladspa_classes(std::string{std::istreambuf_iterator<char>(stream), {}}, classes);
    }
  }
  return classes;
}

}  // namespace

void read_ladspa_classes(std::string_view xml, LadspaClasses& classes) { Reader(classes).read(xml); }

const LadspaClasses& installed_ladspa_classes() {
  static const LadspaClasses classes = read_installed();
  return classes;
}

}  // namespace soundalike
