#pragma once

#include <dlfcn.h>

#include <string>

#include "soundalike/error.hpp"

namespace soundalike {

/// A library that is loaded when it is needed: linked, libcurl alone would add 12 ms to every start of the program.
class SharedLibrary {
 public:
  /// @param purpose "download", for the error: "cannot download: ..."
  /// @throws Error unsupported when it is not installed.
  SharedLibrary(const char* file, const char* purpose, const char* package) : file_(file) {
    handle_ = dlopen(file, RTLD_NOW | RTLD_LOCAL);
    if (handle_ != nullptr) return;
    throw Error(ErrorCode::unsupported, std::string("cannot ") + purpose + ": " + file +
                                            " is not installed; Debian has it in the package " + package);
  }
  ~SharedLibrary() { dlclose(handle_); }
  SharedLibrary(const SharedLibrary&) = delete;
  SharedLibrary& operator=(const SharedLibrary&) = delete;

  template <class Function>
  void load(Function*& function, const char* name) const {
    function = reinterpret_cast<Function*>(dlsym(handle_, name));
    if (function == nullptr) throw Error(ErrorCode::unsupported, std::string(file_) + " has no function " + name);
  }

 private:
  const char* file_;
  void* handle_ = nullptr;
};

}  // namespace soundalike
