#pragma once

#include <map>
#include <string>
#include <variant>
#include <vector>

#include "effect/vst3_object.hpp"

namespace soundalike::vst3 {

/// Values by name, as the two halves of a plugin send them to each other.
class AttributeList : public Object<Steinberg::Vst::IAttributeList> {
 public:
  using Result = Steinberg::tresult;
  Result PLUGIN_API setInt(AttrID id, Steinberg::int64 value) override;
  Result PLUGIN_API getInt(AttrID id, Steinberg::int64& value) override;
  Result PLUGIN_API setFloat(AttrID id, double value) override;
  Result PLUGIN_API getFloat(AttrID id, double& value) override;
  Result PLUGIN_API setString(AttrID id, const Steinberg::Vst::TChar* text) override;
  Result PLUGIN_API getString(AttrID id, Steinberg::Vst::TChar* text, Steinberg::uint32 bytes) override;
  Result PLUGIN_API setBinary(AttrID id, const void* data, Steinberg::uint32 bytes) override;
  Result PLUGIN_API getBinary(AttrID id, const void*& data, Steinberg::uint32& bytes) override;

 private:
  using Value = std::variant<Steinberg::int64, double, std::u16string, std::vector<char>>;
  template <typename Type>
  const Type* find(AttrID id) const;
  std::map<std::string, Value> values_;
};

class Message : public Object<Steinberg::Vst::IMessage> {
 public:
  Steinberg::FIDString PLUGIN_API getMessageID() override { return id_.c_str(); }
  void PLUGIN_API setMessageID(Steinberg::FIDString id) override { id_ = id ? id : ""; }
  Steinberg::Vst::IAttributeList* PLUGIN_API getAttributes() override { return attributes_.get(); }

 private:
  std::string id_;
  Handle<AttributeList> attributes_ = make_object<AttributeList>();
};

}  // namespace soundalike::vst3
