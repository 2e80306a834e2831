#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace soundalike {

/// One SQL statement, reset when it goes out of scope. Columns and parameters count from 0.
class Statement {
 public:
  Statement(sqlite3* database, std::string_view sql, const std::string& file);
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  Statement& bind(int parameter, std::string_view text);
  Statement& bind(int parameter, std::int64_t number);
  /// @return whether there is a row.
  bool step();
  /// Binds nothing more, steps to the end.
  void run();
  void again();  ///< to be bound and run once more
  std::string text(int column) const;
  std::int64_t number(int column) const;

 private:
  [[noreturn]] void fail(int code) const;
  sqlite3* database_;
  sqlite3_stmt* statement_ = nullptr;
  std::string file_;
};

/// results.sqlite: WAL, full synchronisation. A transaction excludes those of other threads' and programs' connections.
/// Not for use from two threads at once.
class Database {
 public:
  /// @throws Error io; unsupported for a file of a later version.
  explicit Database(const std::filesystem::path& file);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  Statement statement(std::string_view sql) const { return {database_, sql, file_}; }
  void run(std::string_view sql) const { statement(sql).run(); }
  /// Rows that the latest statement changed.
  std::int64_t changes() const;

  /// Everything in `action` happens, or nothing.
  template <typename Action>
  void transaction(const Action& action) const {
    run("BEGIN IMMEDIATE");
    try {
      action();
      run("COMMIT");
    } catch (...) {
      roll_back();
      throw;
    }
  }

 private:
  void roll_back() const noexcept;
  void make_tables() const;
  sqlite3* database_ = nullptr;
  std::string file_;
};

}  // namespace soundalike
