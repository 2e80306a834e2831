#include "effect/vst3_message.hpp"

#include <algorithm>
#include <cstring>

namespace soundalike::vst3 {

using Steinberg::kInvalidArgument;
using Steinberg::kResultFalse;
using Steinberg::kResultOk;

template <typename Type>
const Type* AttributeList::find(AttrID id) const {
  const auto found = id ? values_.find(id) : values_.end();
  return found == values_.end() ? nullptr : std::get_if<Type>(&found->second);
}

AttributeList::Result PLUGIN_API AttributeList::setInt(AttrID id, Steinberg::int64 value) {
  if (!id) return kInvalidArgument;
  values_[id] = value;
  return kResultOk;
}

AttributeList::Result PLUGIN_API AttributeList::getInt(AttrID id, Steinberg::int64& value) {
  const auto* found = find<Steinberg::int64>(id);
  if (!found) return kResultFalse;
  value = *found;
  return kResultOk;
}

AttributeList::Result PLUGIN_API AttributeList::setFloat(AttrID id, double value) {
  if (!id) return kInvalidArgument;
  values_[id] = value;
  return kResultOk;
}

AttributeList::Result PLUGIN_API AttributeList::getFloat(AttrID id, double& value) {
  const auto* found = find<double>(id);
  if (!found) return kResultFalse;
  value = *found;
  return kResultOk;
}

AttributeList::Result PLUGIN_API AttributeList::setString(AttrID id, const Steinberg::Vst::TChar* text) {
  if (!id || !text) return kInvalidArgument;
  values_[id] = std::u16string(text);
  return kResultOk;
}

AttributeList::Result PLUGIN_API AttributeList::getString(AttrID id, Steinberg::Vst::TChar* text,
                                                          Steinberg::uint32 bytes) {
  const auto* found = find<std::u16string>(id);
  const std::size_t room = bytes / sizeof(Steinberg::Vst::TChar);
  if (!found || !text || room == 0) return kResultFalse;
  const std::size_t length = std::min(found->size(), room - 1);
  std::copy_n(found->begin(), length, text);
  text[length] = 0;
  return kResultOk;
}

AttributeList::Result PLUGIN_API AttributeList::setBinary(AttrID id, const void* data, Steinberg::uint32 bytes) {
  if (!id || (!data && bytes > 0)) return kInvalidArgument;
  const auto* first = static_cast<const char*>(data);
  values_[id] = std::vector<char>(first, first + bytes);
  return kResultOk;
}

AttributeList::Result PLUGIN_API AttributeList::getBinary(AttrID id, const void*& data, Steinberg::uint32& bytes) {
  const auto* found = find<std::vector<char>>(id);
  if (!found) return kResultFalse;
  data = found->data();
  bytes = static_cast<Steinberg::uint32>(found->size());
  return kResultOk;
}

}  // namespace soundalike::vst3
