// The module: a factory over the table. Its file's name may ask for a fault, see base.hpp.
#include <dlfcn.h>

#include <stdexcept>

#include "plugins.hpp"

namespace test {
namespace {

/// "crash-in-process" of ".../crash-in-process.vst3/Contents/x86_64-linux/crash-in-process.so".
const std::string& module_name() {
  static const std::string name = [] {
    Dl_info info{};
    dladdr(reinterpret_cast<void*>(&misbehave), &info);
    std::string path = info.dli_fname ? info.dli_fname : "";
    path.erase(0, path.rfind('/') + 1);
    return path.substr(0, path.rfind('.'));
  }();
  return name;
}

class Factory : public Counted<IPluginFactory2> {
 public:
  explicit Factory(bool faulty) : table_(entries(faulty)) {}
  tresult PLUGIN_API queryInterface(const TUID id, void** object) override {
    const bool known = !std::memcmp(id, FUnknown_iid, 16) || !std::memcmp(id, IPluginFactory_iid, 16) ||
                       !std::memcmp(id, IPluginFactory2_iid, 16);
    *object = known ? static_cast<IPluginFactory2*>(this) : nullptr;
    if (known) addRef();
    return known ? kResultOk : kNoInterface;
  }
  tresult PLUGIN_API getFactoryInfo(PFactoryInfo* info) override {
    *info = PFactoryInfo("soundalike tests", "", "", PFactoryInfo::kUnicode);
    return kResultOk;
  }
  int32 PLUGIN_API countClasses() override {
    misbehave("countClasses");
    return static_cast<int32>(table_.size());
  }
  tresult PLUGIN_API getClassInfo(int32 index, PClassInfo* info) override {
    TUID id;
    const Entry& entry = at(index, id);
    *info = PClassInfo(id, PClassInfo::kManyInstances, entry.klass, entry.name);
    return kResultOk;
  }
  tresult PLUGIN_API getClassInfo2(int32 index, PClassInfo2* info) override {
    TUID id;
    const Entry& entry = at(index, id);
    *info =
        PClassInfo2(id, PClassInfo::kManyInstances, entry.klass, entry.name, 0, entry.category, "", "1.2.3", "VST 3.7");
    return kResultOk;
  }
  tresult PLUGIN_API createInstance(FIDString class_id, FIDString interface_id, void** object) override {
    misbehave("createInstance");
    *object = nullptr;
    for (int32 i = 0; i < static_cast<int32>(table_.size()); ++i) {
      TUID id;
      const Entry& entry = at(i, id);
      if (std::memcmp(class_id, id, sizeof id) != 0) continue;
      FUnknown* made = entry.make();
      if (!made) return kResultFalse;
      const tresult result = made->queryInterface(interface_id, object);
      made->release();
      return result;
    }
    return kNoInterface;
  }

 private:
  const Entry& at(int32 index, TUID id) const {
    const Entry& entry = table_[static_cast<std::size_t>(index)];
    std::memset(id, 0, sizeof(TUID));
    std::memcpy(id, entry.name, std::strlen(entry.name));
    return entry;
  }
  const std::vector<Entry>& table_;
};

/// A shell is a module whose name says so: two effects.
std::vector<Entry> shell() {
  std::vector<Entry> all;
  append_sound(all);
  std::vector<Entry> two;
  for (const Entry& entry : all) {
    if (std::string(entry.name) == "gain" || std::string(entry.name) == "latency") two.push_back(entry);
  }
  return two;
}

}  // namespace

void misbehave(const char* callback) {
  const std::string& name = module_name();
  const std::size_t in = name.find("-in-");
  if (in == name.npos || name.substr(in + 4) != callback) return;
  if (name.starts_with("crash")) *static_cast<volatile int*>(nullptr) = 1;
  if (name.starts_with("throw")) throw std::runtime_error(std::string("from ") + callback);
  for (volatile bool stuck = name.starts_with("hang"); stuck;) {
  }
}

const std::vector<Entry>& entries(bool faulty) {
  static const std::vector<Entry> one = shell();
  static const std::vector<Entry> all = [] {
    std::vector<Entry> table;
    append_sound(table);
    append_shapes(table);
    append_faults(table);
    return table;
  }();
  return faulty ? one : all;
}

}  // namespace test

#define EXPORT extern "C" __attribute__((visibility("default")))

EXPORT bool ModuleEntry(void*) {
  test::misbehave("ModuleEntry");
  return test::module_name() != "refuses";
}
EXPORT bool ModuleExit() { return true; }
EXPORT Steinberg::IPluginFactory* GetPluginFactory() {
  test::misbehave("GetPluginFactory");
  return new test::Factory(test::module_name() != "soundalike-test");
}
