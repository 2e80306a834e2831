// A page of docs/ as one HTML file with its pictures in it: page <file.md>. Called by tools/results.sh.
//
// Of Markdown it knows what these pages use: headings, paragraphs, lists, tables, code, emphasis, links and pictures.
#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "soundalike/html.hpp"

namespace {

namespace fs = std::filesystem;

std::string content_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error("cannot open " + file.string());
  return {std::istreambuf_iterator<char>(in), {}};
}

class Page {
 public:
  explicit Page(const fs::path& file) : folder_(file.parent_path()) {
    std::istringstream in(content_of(file));
    for (std::string line; std::getline(in, line);) lines_.push_back(line);
  }

  std::string html() {
    while (at_ < lines_.size()) block();
    return soundalike::html_page(title_, body_);
  }

 private:
  bool here(std::string_view start) const { return at_ < lines_.size() && lines_[at_].starts_with(start); }

  void block() {
    const std::string& line = lines_[at_];
    if (line.empty() || here("<!--")) {
      ++at_;
    } else if (here("```")) {
      code();
    } else if (here("#")) {
      heading();
    } else if (here("|")) {
      table();
    } else if (here("* ")) {
      body_ += "<ul>\n";
      while (here("* ")) body_ += "<li>" + inlined(paragraph(2)) + "</li>\n";
      body_ += "</ul>\n";
    } else if (here("![")) {
      picture();
    } else {
      body_ += "<p>" + inlined(paragraph(0)) + "</p>\n";
    }
  }

  void code() {
    body_ += "<pre><code>";
    for (++at_; at_ < lines_.size() && !here("```"); ++at_) body_ += soundalike::html_escape(lines_[at_]) + "\n";
    ++at_;
    body_ += "</code></pre>\n";
  }

  void heading() {
    const std::size_t level = lines_[at_].find_first_not_of('#');
    const std::string text = lines_[at_++].substr(level + 1);
    if (title_.empty()) title_ = text;  // html_page() writes it
    if (level > 1) {
      std::string anchor;
      for (const char c : text) {
        if (c == ' ') anchor += '-';
        if (std::isalnum(static_cast<unsigned char>(c))) anchor += static_cast<char>(std::tolower(c));
      }
      body_ += fmt::format("<h{} id=\"{}\">{}</h{}>\n", level, anchor, inlined(text), level);
    }
  }

  static std::vector<std::string> cells(const std::string& line) {
    std::vector<std::string> result;
    std::string cell;
    for (std::size_t i = 1; i < line.size(); ++i) {
      if (line[i] == '\\' && i + 1 < line.size()) {
        cell += line[++i];
      } else if (line[i] == '|') {
        result.push_back(cell);
        cell.clear();
      } else {
        cell += line[i];
      }
    }
    return result;
  }

  void row(const std::string& line, const std::vector<std::string>& rule, const char* tag) {
    body_ += "<tr>";
    const auto all = cells(line);
    for (std::size_t i = 0; i < all.size(); ++i) {
      const bool right = i < rule.size() && rule[i].ends_with(':');
      body_ += fmt::format("<{}{}>{}</{}>", tag, right ? " class=\"n\"" : "", inlined(all[i]), tag);
    }
    body_ += "</tr>\n";
  }

  void table() {
    const std::vector<std::string> rule = at_ + 1 < lines_.size() ? cells(lines_[at_ + 1]) : std::vector<std::string>();
    body_ += "<div class=\"scroll\" tabindex=\"0\"><table><thead>\n";
    row(lines_[at_], rule, "th");
    body_ += "</thead><tbody>\n";
    for (at_ += 2; here("|"); ++at_) row(lines_[at_], rule, "td");
    body_ += "</tbody></table></div>\n";
  }

  void picture() {
    static const std::regex form(R"(!\[([^\]]*)\]\(([^)]*)\))");
    std::smatch found;
    if (!std::regex_match(lines_[at_], found, form)) throw std::runtime_error("no picture: " + lines_[at_]);
    ++at_;
    const fs::path file = folder_ / found[2].str();
    if (file.extension() != ".svg") throw std::runtime_error("only SVG pictures go into the page: " + file.string());
    body_ += "<figure>" + content_of(file) + "</figure>\n";
  }

  // Lines to the next empty one, or the next point of a list.
  std::string paragraph(std::size_t indent) {
    std::string text = lines_[at_++].substr(indent);
    while (at_ < lines_.size() && !lines_[at_].empty() && !here("* ") && !here("|") && !here("```") && !here("<!--")) {
      const std::string& line = lines_[at_++];
      text += " " + line.substr(line.find_first_not_of(' '));
    }
    return text;
  }

  static std::string inlined(const std::string& text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t tick = text.find('`', at);
      const std::size_t end = tick == std::string::npos ? tick : text.find('`', tick + 1);
      std::string plain = soundalike::html_escape(text.substr(at, end == std::string::npos ? end : tick - at));
      plain = std::regex_replace(plain, std::regex(R"(\*\*([^*]+)\*\*)"), "<b>$1</b>");
      plain = std::regex_replace(plain, std::regex(R"(\*([^*\s][^*]*)\*)"), "<i>$1</i>");
      plain = std::regex_replace(plain, std::regex(R"(\[([^\]]+)\]\(([^)\s]+)\))"), "<a href=\"$2\">$1</a>");
      out += plain;
      if (end == std::string::npos) break;
      out += "<code>" + soundalike::html_escape(text.substr(tick + 1, end - tick - 1)) + "</code>";
      at = end + 1;
    }
    return out;
  }

  fs::path folder_;
  std::vector<std::string> lines_;
  std::size_t at_ = 0;
  std::string title_, body_;
};

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc != 2) throw std::runtime_error("expected <file.md>");
    std::fputs(Page(argv[1]).html().c_str(), stdout);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "page: %s\n", error.what());
    return 1;
  }
}
