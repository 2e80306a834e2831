#include "soundalike/study.hpp"

#include <fmt/format.h>
#include <sys/random.h>

#include <array>
#include <mutex>
#include <nlohmann/json.hpp>

#include "soundalike/error.hpp"
#include "study/import.hpp"
#include "study/session_record.hpp"
#include "study/session_store.hpp"

namespace soundalike {
namespace fs = std::filesystem;

namespace {

// 32 symbols without those that are easily mistaken: 5 bits each.
std::string random_code(std::size_t length) {
  constexpr std::string_view symbols = "0123456789abcdefghjkmnpqrstvwxyz";
  std::array<unsigned char, 64> bytes{};
  if (::getrandom(bytes.data(), length, 0) != static_cast<ssize_t>(length)) {
    throw Error(ErrorCode::io, "cannot make a session's code: the system has no randomness");
  }
  std::string code;
  for (std::size_t i = 0; i < length; ++i) code += symbols[bytes[i] % symbols.size()];
  return code;
}

SessionRecord record_of(const std::vector<StoredEvent>& stored) {
  std::vector<StudyEvent> events;
  events.reserve(stored.size());
  for (const StoredEvent& e : stored) events.push_back(e.event);
  return replay(std::move(events));
}

void require_files(const StudyDefinition& study, const fs::path& folder) {
  for (const StudyTrial& trial : study.trials) {
    std::vector<fs::path> files{trial.reference};
    for (const TrialSignal& signal : trial.signals) files.push_back(signal.file);
    for (const fs::path& file : files) {
      if (!file.empty() && !fs::is_regular_file(folder / file)) {
        throw Error(ErrorCode::not_found, fmt::format("cannot open study '{}': trial '{}' needs '{}', which is missing",
                                                      folder.string(), trial.id, file.string()));
      }
    }
  }
}

}  // namespace

struct Study::State {
  fs::path folder;
  StudyDefinition definition;
  SessionStore store;
  mutable std::mutex mutex;

  State(const fs::path& where, StudyDefinition study) : folder(where), definition(std::move(study)), store(where) {}
};

Study::Study(const fs::path& folder) {
  StudyDefinition definition = read_study(folder);
  require_files(definition, folder);
  state_ = std::make_unique<State>(folder, std::move(definition));
}

Study::~Study() = default;
Study::Study(Study&&) noexcept = default;
Study& Study::operator=(Study&&) noexcept = default;

const StudyDefinition& Study::definition() const { return state_->definition; }
const fs::path& Study::folder() const { return state_->folder; }

std::string Study::create_session() {
  const std::lock_guard lock(state_->mutex);
  std::string code = random_code(20);
  state_->store.change([&](SessionStore::Change& change) {
    const auto plan = plan_session(state_->definition, change.created_sessions(), random_code(40));
    change.add_session(code, time_now(), to_json(plan));
  });
  return code;
}

SessionState Study::state(std::string_view session) const {
  const std::lock_guard lock(state_->mutex);
  const StoredSession stored = state_->store.find(session);
  return state_of(stored.code, state_->definition, stored.plan, record_of(state_->store.events(stored)));
}

AppendResult Study::append(std::string_view session, const std::vector<StudyEvent>& events) {
  const std::lock_guard lock(state_->mutex);
  AppendResult result;
  state_->store.change(
      [&](SessionStore::Change& change) { change.append(state_->store.find(session), events, result); });
  return result;
}

fs::path Study::stimulus(std::string_view session, std::string_view blind_id) const {
  const std::lock_guard lock(state_->mutex);
  for (const PlannedTrial& trial : state_->store.find(session).plan.trials) {
    if (const PlannedSignal* signal = trial.find(blind_id)) return state_->folder / signal->file;
  }
  throw Error(ErrorCode::not_found, fmt::format("this session has no signal '{}'", blind_id.substr(0, 64)));
}

std::string Study::export_session(std::string_view session) const {
  using Json = nlohmann::ordered_json;
  const std::lock_guard lock(state_->mutex);
  const StoredSession stored = state_->store.find(session);
  const auto events = state_->store.events(stored);
  Json list = Json::array();
  for (const auto& [event, received] : events) {
    list.push_back({{"client_seq", event.client_seq},
                    {"type", event.type},
                    {"body", Json::parse(event.body)},
                    {"received", received}});
  }
  Json out{{"study", state_->definition.name},
           {"session", stored.code},
           {"created", stored.created},
           {"events", std::move(list)}};
  const auto state = state_of(stored.code, state_->definition, stored.plan, record_of(events));
  if (state.stage == SessionStage::finished) {
    for (const PlannedTrial& trial : stored.plan.trials) {
      for (const PlannedSignal& signal : trial.signals) {
        out["signals"][signal.blind_id] = {{"trial", trial.id}, {"condition", signal.condition}};
      }
    }
  }
  return out.dump(2) + "\n";
}

void Study::erase_session(std::string_view session) {
  const std::lock_guard lock(state_->mutex);
  state_->store.change([&](SessionStore::Change& change) { change.erase(state_->store.find(session)); });
  state_->store.forget();
}

std::vector<std::string> Study::sessions() const {
  const std::lock_guard lock(state_->mutex);
  return state_->store.codes();
}

AppendResult Study::import(const fs::path& file) {
  const std::lock_guard lock(state_->mutex);
  return import_results(file, state_->definition.name, state_->store);
}

StudyResults Study::results() const {
  const std::lock_guard lock(state_->mutex);
  StudyResults results;
  results.name = state_->definition.name;
  results.attribute = state_->definition.attribute;
  results.conditions = state_->definition.conditions;
  std::size_t number = 0;
  for (const std::string& code : state_->store.codes()) {
    const StoredSession stored = state_->store.find(code);
    add_session(results, fmt::format("A{:03}", ++number), state_->definition, stored.plan,
                record_of(state_->store.events(stored)));
  }
  return results;
}

}  // namespace soundalike
