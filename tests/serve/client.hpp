#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// A client that speaks HTTP byte by byte, so that tests can say what no library would.
namespace client {

using Json = nlohmann::ordered_json;

struct Answer {
  int status = 0;                              ///< 0: the connection closed without one
  std::map<std::string, std::string> headers;  ///< names in lower case
  std::string body;
  bool whole = true;  ///< false: the connection closed before all of the body had come
  Json json() const { return Json::parse(body); }
  std::string code() const { return json()["error"]["code"]; }
  std::string header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? "" : found->second;
  }
};

/// One connection to 127.0.0.1.
class Connection {
 public:
  explicit Connection(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
      throw std::runtime_error("cannot connect to the server");
    }
  }
  ~Connection() { ::close(socket_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// False when the server does not take it any more.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  /// More bytes into the buffer. False at the end, or after `seconds`, or its patience, without any.
  bool receive(std::optional<int> seconds = {}) {
    pollfd wait{socket_, POLLIN, 0};
    if (::poll(&wait, 1, seconds.value_or(patience) * 1000) <= 0) return false;
    char piece[65536];
    const auto got = ::recv(socket_, piece, sizeof piece, 0);
    if (got <= 0) return false;
    buffer_.append(piece, static_cast<std::size_t>(got));
    return true;
  }
  /// Reads until the text has come; gives what came up to its end, or nothing.
  std::optional<std::string> until(std::string_view text) {
    std::size_t place;
    while ((place = buffer_.find(text)) == std::string::npos) {
      if (!receive()) return {};
    }
    std::string all = buffer_.substr(0, place + text.size());
    buffer_.erase(0, place + text.size());
    return all;
  }
  /// Whether the server ends the connection without a further byte.
  bool ends() {
    while (receive()) {
    }
    return buffer_.empty();
  }
  /// The next answer. @param has_body false for the answer to HEAD.
  Answer answer(bool has_body = true) {
    Answer result;
    const auto head = until("\r\n\r\n");
    if (!head) return result;
    result.status = std::stoi(head->substr(9, 3));
    for (std::size_t line = head->find("\r\n") + 2; line + 2 < head->size();) {
      const std::size_t end = head->find("\r\n", line);
      const std::size_t colon = head->find(": ", line);
      std::string name = head->substr(line, colon - line);
      for (char& c : name) c = static_cast<char>(std::tolower(c));
      result.headers[name] = head->substr(colon + 2, end - colon - 2);
      line = end + 2;
    }
    if (result.status == 100) return answer(has_body);
    const std::size_t length =
        result.headers.contains("content-length") ? std::stoull(result.headers["content-length"]) : 0;
    while (has_body && buffer_.size() < length && receive()) {
    }
    if (has_body) {
      result.whole = buffer_.size() >= length;
      result.body = buffer_.substr(0, length);
      buffer_.erase(0, length);
    }
    return result;
  }
  int descriptor() const { return socket_; }

  int patience = 20;  ///< seconds without a byte after which it is given up

 private:
  int socket_;
  std::string buffer_;
};

using Headers = std::vector<std::pair<std::string, std::string>>;

inline std::string request_text(std::string_view method, std::string_view target, std::uint16_t port,
                                std::string_view body = {}, const Headers& headers = {}) {
  bool has_host = false;
  std::string text = std::string(method) + " " + std::string(target) + " HTTP/1.1\r\n";
  for (const auto& [name, value] : headers) {
    text.append(name).append(": ").append(value).append("\r\n");
    has_host |= name == "Host";
  }
  if (!has_host) text += "Host: 127.0.0.1:" + std::to_string(port) + "\r\n";
  if (!body.empty() || method == "POST" || method == "PUT")
    text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  return text + "\r\n" + std::string(body);
}

/// One request on a connection of its own.
inline Answer ask(std::uint16_t port, std::string_view method, std::string_view target, std::string_view body = {},
                  const Headers& headers = {}) {
  Connection connection(port);
  connection.send(request_text(method, target, port, body, headers));
  return connection.answer(method != "HEAD");
}

}  // namespace client
