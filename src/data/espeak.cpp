#include "data/espeak.hpp"

#include <iterator>
#include <string>

#include "data/child_program.hpp"
#include "soundalike/audio_file.hpp"
#include "soundalike/error.hpp"

namespace soundalike {
namespace {

constexpr const char* languages[] = {"en-gb", "en-us", "en-gb-scotland", "de", "fr-fr", "es", "it", "pt", "nl",
                                     "sv",    "pl"};
constexpr const char* variants[] = {"",    "+m1", "+m2", "+m3", "+m4", "+m5",    "+m6",     "+m7",
                                    "+f1", "+f2", "+f3", "+f4", "+f5", "+croak", "+whisper"};

constexpr const char* subjects[] = {"The old engineer",    "My neighbour",          "A violin",
                                    "Nobody here",         "The second microphone", "Her younger brother",
                                    "This narrow room",    "The tape machine",      "An empty station",
                                    "Every morning train", "The tall drummer",      "Our first record"};
constexpr const char* verbs[] = {"remembers",     "quietly repeats",  "never quite reaches", "carries",
                                 "turns towards", "was built before", "listens to",          "borrows",
                                 "measures",      "laughs about",     "finally understands", "has lost"};
constexpr const char* objects[] = {
    "a song from the harbour", "the seventh bar",          "six boxes of cables",       "the cold water",
    "what the others said",    "a chorus in the distance", "those three yellow houses", "the question of the week",
    "every echo in the hall",  "some bread and a lamp",    "the voice on the wire",     "a very short pause"};
constexpr const char* ends[] = {"until it rains",
                                "at half past nine",
                                "without a sound",
                                "in the summer of that year",
                                "because it is late",
                                "as if it were new",
                                "on the way home",
                                "for no reason at all",
                                "while the coffee gets cold",
                                "and so do I"};

template <std::size_t n>
const char* one_of(const char* const (&words)[n], Rng& rng) {
  return words[rng.below(n)];
}

}  // namespace

std::optional<AudioBuffer> espeak(const std::filesystem::path& program, std::size_t voice, double seconds, Rng& rng,
                                  const std::filesystem::path& scratch) {
  const std::string name = std::string(languages[voice % std::size(languages)]) +
                           variants[(voice * 7 + voice / std::size(languages)) % std::size(variants)];
  const std::string pitch = std::to_string(25 + voice * 17 % 55), speed = std::to_string(125 + voice * 29 % 70);
  for (std::size_t sentences = 6;; sentences *= 2) {
    std::string text;
    for (std::size_t i = 0; i < sentences; ++i) {
      text += std::string(one_of(subjects, rng)) + " " + one_of(verbs, rng) + " " + one_of(objects, rng);
      if (rng.below(2) == 0) text += std::string(", ") + one_of(ends, rng);
      text += rng.below(5) == 0 ? "? " : ". ";
    }
    if (run_program(program, {"-v", name, "-p", pitch, "-s", speed, "-w", scratch.string(), text}) != 0) {
      return std::nullopt;
    }
    try {
      AudioBuffer audio = read_audio(scratch);
      if (audio.seconds() >= seconds) return audio;
    } catch (const Error&) {
      return std::nullopt;
    }
    if (sentences > 200) return std::nullopt;
  }
}

}  // namespace soundalike
