#include "study/database.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include "soundalike/error.hpp"

namespace soundalike {
namespace {

constexpr std::int64_t schema_version = 1;

// Sessions are erased with all that hangs on them. The unique pair makes sending events again harmless.
// `erased` holds SHA-256 of codes: they must not come back.
constexpr std::string_view tables[] = {
    R"(CREATE TABLE IF NOT EXISTS sessions (
         id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, created TEXT NOT NULL, plan TEXT NOT NULL) STRICT)",
    R"(CREATE TABLE IF NOT EXISTS events (
         session INTEGER NOT NULL REFERENCES sessions(id) ON DELETE CASCADE, client_seq INTEGER NOT NULL,
         type TEXT NOT NULL, body TEXT NOT NULL, received TEXT NOT NULL, UNIQUE(session, client_seq)) STRICT)",
    "CREATE TABLE IF NOT EXISTS erased (digest TEXT PRIMARY KEY) STRICT",
    "CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT",
    "INSERT INTO counters VALUES ('sessions', 0) ON CONFLICT DO NOTHING",
};

}  // namespace

Statement::Statement(sqlite3* database, std::string_view sql, const std::string& file)
    : database_(database), file_(file) {
  const int code = sqlite3_prepare_v2(database_, sql.data(), static_cast<int>(sql.size()), &statement_, nullptr);
  if (code != SQLITE_OK) fail(code);
}

Statement::~Statement() { sqlite3_finalize(statement_); }

void Statement::fail(int code) const {
  throw Error(ErrorCode::io,
              fmt::format("cannot use '{}': {}{}", file_, sqlite3_errmsg(database_),
                          code == SQLITE_BUSY ? " (another program has held it for a minute)"
                          : code == SQLITE_NOTADB || code == SQLITE_CORRUPT ? "; move it away and import results.jsonl"
                                                                            : ""));
}

Statement& Statement::bind(int parameter, std::string_view text) {
  // Copied by SQLite: what is bound may go before it runs.
  const int code = sqlite3_bind_text(statement_, parameter + 1, text.data(), static_cast<int>(text.size()),
                                     SQLITE_TRANSIENT);  // NOLINT
  if (code != SQLITE_OK) fail(code);
  return *this;
}

Statement& Statement::bind(int parameter, std::int64_t number) {
  const int code = sqlite3_bind_int64(statement_, parameter + 1, number);
  if (code != SQLITE_OK) fail(code);
  return *this;
}

bool Statement::step() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  fail(code);
}

void Statement::run() {
  while (step()) {
  }
}

void Statement::again() {
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

std::string Statement::text(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  return text == nullptr ? "" : std::string(text, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)));
}

std::int64_t Statement::number(int column) const { return sqlite3_column_int64(statement_, column); }

Database::Database(const std::filesystem::path& file) : file_(file.string()) {
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_FULLMUTEX;
  if (sqlite3_open_v2(file_.c_str(), &database_, flags, nullptr) != SQLITE_OK) {
    const std::string reason = database_ != nullptr ? sqlite3_errmsg(database_) : "no memory";
    sqlite3_close(database_);
    throw Error(ErrorCode::io, fmt::format("cannot open '{}': {}", file_, reason));
  }
  try {
    sqlite3_busy_timeout(database_, 60000);
    run("PRAGMA journal_mode = WAL");
    run("PRAGMA synchronous = FULL");
    run("PRAGMA foreign_keys = ON");
    run("PRAGMA secure_delete = ON");
    make_tables();
  } catch (...) {
    sqlite3_close(database_);
    throw;
  }
}

void Database::make_tables() const {
  transaction([&] {
    Statement version = statement("PRAGMA user_version");
    version.step();
    if (version.number(0) > schema_version) {
      throw Error(
          ErrorCode::unsupported,
          fmt::format("cannot use '{}': written by a later version of soundalike (format {}, this one knows {})", file_,
                      version.number(0), schema_version));
    }
    for (const std::string_view sql : tables) run(sql);
    run(fmt::format("PRAGMA user_version = {}", schema_version));
  });
}

Database::~Database() { sqlite3_close(database_); }

std::int64_t Database::changes() const { return sqlite3_changes64(database_); }

void Database::roll_back() const noexcept { sqlite3_exec(database_, "ROLLBACK", nullptr, nullptr, nullptr); }

}  // namespace soundalike
