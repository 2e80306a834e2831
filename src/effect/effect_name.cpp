#include "effect/effect_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <utility>

#include "effect/effect_format.hpp"
#include "soundalike/edit_distance.hpp"
#include "soundalike/error.hpp"

namespace soundalike {
namespace {

using Candidates = std::vector<const EffectListing*>;

std::string_view uri(const EffectListing& listing) {
  const std::string_view id = listing.info.id;
  return id.substr(id.find(':') + 1);
}

/// What follows the last '/', '#' or ':' of a URI: "Overdrive".
std::string_view tail(const EffectListing& listing) {
  std::string_view text = uri(listing);
  while (!text.empty() && (text.back() == '/' || text.back() == '#')) text.remove_suffix(1);
  return text.substr(text.find_last_of("/#:") + 1);
}

bool is_separator(char c) { return c == ' ' || c == '_' || c == '-' || c == '\t'; }

/// Lower case, without spaces, hyphens and underscores; bytes beyond ASCII as they are.
std::string folded(std::string_view text) {
  std::string result;
  for (char c : text) {
    if (!is_separator(c)) result += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return result;
}

/// Runs of letters and digits, lower case.
std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> result;
  bool inside = false;
  for (char c : text) {
    const bool part = std::isalnum(static_cast<unsigned char>(c)) || static_cast<unsigned char>(c) >= 0x80;
    if (part && !inside) result.emplace_back();
    if (part) result.back() += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    inside = part;
  }
  return result;
}

bool all_words_in(const std::vector<std::string>& wanted, const EffectListing& listing) {
  const std::vector<std::string> present =
      words(fmt::format("{} {} {}", listing.info.name, listing.info.author, uri(listing)));
  auto is_present = [&](const std::string& word) {
    return std::find(present.begin(), present.end(), word) != present.end();
  };
  return !wanted.empty() && std::all_of(wanted.begin(), wanted.end(), is_present);
}

/// The effect of the format that comes first, when all have the same name and no other of that format has it too.
const EffectListing* one_name_in_several_formats(const Candidates& candidates) {
  for (const EffectFormat& format : effect_formats()) {
    const EffectListing* found = nullptr;
    for (const EffectListing* candidate : candidates) {
      if (folded(candidate->info.name) != folded(candidates.front()->info.name)) return nullptr;
      if (!candidate->info.id.starts_with(format.scheme)) continue;
      if (found) return nullptr;
      found = candidate;
    }
    if (found) return found;
  }
  return nullptr;
}

std::string described(const EffectListing& listing) {
  return fmt::format("'{}' ({})", listing.info.name, listing.info.id);
}

/// "a", "a or b", "a, b or c".
std::string alternatives(const std::vector<std::string>& items) {
  std::string text;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0) text += i + 1 == items.size() ? " or " : ", ";
    text += items[i];
  }
  return text;
}

/// How far a listing is from the text, in edits per letter of the text, 0 to 1: by its name, the end of its URI, or the
/// words they share.
double unlikeness(std::string_view text, const EffectListing& listing) {
  const std::string wanted = folded(text);
  if (wanted.empty()) return 1.0;
  auto relative = [&](std::string_view other) {
    const std::string candidate = folded(other);
    // Half a name is nearer than a whole one with as many letters wrong.
    if (wanted.size() > 3 && candidate.find(wanted) != candidate.npos) return 0.1;
    return static_cast<double>(edit_distance(wanted, candidate)) / static_cast<double>(wanted.size());
  };
  double best = std::min({1.0, relative(listing.info.name), relative(tail(listing))});
  const std::vector<std::string> wanted_words = words(text);
  const std::vector<std::string> name_words = words(fmt::format("{} {}", listing.info.name, tail(listing)));
  std::size_t letters = 0;
  std::size_t letters_shared = 0;
  for (const std::string& word : wanted_words) {
    letters += word.size();
    if (word.size() > 2 && std::find(name_words.begin(), name_words.end(), word) != name_words.end()) {
      letters_shared += word.size();
    }
  }
  // Sharing all its words is worth a quarter, so that a misspelt full name still comes first.
  if (letters > 0) {
    best = std::min(best, 1.0 - 0.75 * static_cast<double>(letters_shared) / static_cast<double>(letters));
  }
  return best;
}

/// @param name what is compared, @param text what the user wrote.
[[noreturn]] void report_unknown(const Candidates& listings, std::string_view name, std::string_view text) {
  if (listings.empty()) {
    throw Error(ErrorCode::not_found, fmt::format("cannot open effect '{}': no effects{} found", text,
                                                  name == text ? "" : " of this format"));
  }
  constexpr double worst = 0.5;
  constexpr std::size_t most = 3;
  std::vector<std::pair<double, const EffectListing*>> near;
  for (const EffectListing* listing : listings) {
    if (!listing->unusable.empty()) continue;
    if (const double distance = unlikeness(name, *listing); distance <= worst) near.emplace_back(distance, listing);
  }
  std::stable_sort(near.begin(), near.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> suggestions;
  for (const auto& [distance, listing] : near) {
    // A clear winner stands alone.
    if (suggestions.size() == most || distance > 2.0 * near.front().first + 0.05) break;
    suggestions.push_back(described(*listing));
  }
  const std::string hint = suggestions.empty() ? "" : fmt::format("; did you mean {}?", alternatives(suggestions));
  throw Error(ErrorCode::not_found,
              fmt::format("cannot open effect '{}': no such effect{} (soundalike effects lists all)", text, hint));
}

[[noreturn]] void report_ambiguous(const Candidates& candidates, std::string_view text) {
  constexpr std::size_t most = 8;
  std::vector<std::string> shown;
  for (const EffectListing* candidate : candidates) {
    if (shown.size() == most && candidates.size() > most + 1) {
      shown.push_back(fmt::format("{} more", candidates.size() - most));
      break;
    }
    shown.push_back(described(*candidate));
  }
  throw Error(ErrorCode::not_found,
              fmt::format("cannot open effect '{}': it may be {}; give the id", text, alternatives(shown)));
}

}  // namespace

const EffectListing& find_effect(const std::vector<EffectListing>& listings, std::string_view text) {
  Candidates pool;
  std::string_view name = text;
  if (const EffectFormat* format = find_format(text)) {  // "vst3:ZamComp": among the effects of that format
    for (const EffectListing& listing : listings) {
      if (listing.info.id.starts_with(format->scheme)) pool.push_back(&listing);
    }
    name.remove_prefix(format->scheme.size());
  } else {
    for (const EffectListing& listing : listings) pool.push_back(&listing);
  }
  struct Wanted {
    std::string_view text, name;
    std::string plain;
    std::vector<std::string> words;
  };
  const Wanted wanted{text, name, folded(name), words(name)};
  using Rule = bool (*)(const EffectListing&, const Wanted&);
  // From exact to loose; the first that fits any listing decides.
  static constexpr std::array<Rule, 5> rules{
      [](const EffectListing& l, const Wanted& w) {
        return l.info.id == w.text || (l.info.id.starts_with("lv2:") && uri(l) == w.text);
      },
      [](const EffectListing& l, const Wanted& w) { return l.info.name == w.name; },
      [](const EffectListing& l, const Wanted& w) {
        return folded(l.info.name) == w.plain || folded(l.info.id) == w.plain || folded(uri(l)) == w.plain;
      },
      [](const EffectListing& l, const Wanted& w) { return folded(tail(l)) == w.plain; },
      [](const EffectListing& l, const Wanted& w) { return all_words_in(w.words, l); },
  };
  for (Rule rule : rules) {
    Candidates candidates;
    Candidates usable;
    for (const EffectListing* listing : pool) {
      if (wanted.plain.empty() || !rule(*listing, wanted)) continue;
      candidates.push_back(listing);
      if (listing->unusable.empty()) usable.push_back(listing);
    }
    if (candidates.empty()) continue;
    if (usable.size() == 1) return *usable.front();
    if (const EffectListing* one = one_name_in_several_formats(usable)) return *one;
    if (usable.size() > 1) report_ambiguous(usable, text);
    if (candidates.size() > 1) report_ambiguous(candidates, text);
    const EffectListing& only = *candidates.front();
    throw Error(ErrorCode::unsupported, fmt::format("cannot use effect {}: {}", described(only), only.unusable));
  }
  report_unknown(pool, name, text);
}

}  // namespace soundalike
