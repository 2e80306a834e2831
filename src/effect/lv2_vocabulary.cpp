#include "effect/lv2_vocabulary.hpp"

#include <lv2/core/lv2.h>
#include <lv2/port-groups/port-groups.h>
#include <lv2/resize-port/resize-port.h>
#include <lv2/units/units.h>

namespace soundalike {

Lv2Vocabulary::Lv2Vocabulary(LilvWorld* world)
    : type(lilv_new_uri(world, "http://www.w3.org/1999/02/22-rdf-syntax-ns#type")),
      designation(lilv_new_uri(world, LV2_CORE__designation)),
      property(lilv_new_uri(world, LV2_CORE__portProperty)),
      minimum(lilv_new_uri(world, LV2_CORE__minimum)),
      maximum(lilv_new_uri(world, LV2_CORE__maximum)),
      default_value(lilv_new_uri(world, LV2_CORE__default)),
      minor_version(lilv_new_uri(world, LV2_CORE__minorVersion)),
      micro_version(lilv_new_uri(world, LV2_CORE__microVersion)),
      optional_feature(lilv_new_uri(world, LV2_CORE__optionalFeature)),
      group(lilv_new_uri(world, LV2_PORT_GROUPS__group)),
      side_chain_of(lilv_new_uri(world, LV2_PORT_GROUPS__sideChainOf)),
      main_input(lilv_new_uri(world, LV2_PORT_GROUPS__mainInput)),
      main_output(lilv_new_uri(world, LV2_PORT_GROUPS__mainOutput)),
      minimum_size(lilv_new_uri(world, LV2_RESIZE_PORT__minimumSize)),
      unit(lilv_new_uri(world, LV2_UNITS__unit)),
      unit_symbol(lilv_new_uri(world, LV2_UNITS__symbol)),
      unit_render(lilv_new_uri(world, LV2_UNITS__render)) {}

std::string text_of(const LilvNode* node) {
  const char* text = node ? lilv_node_as_string(node) : nullptr;
  return text ? text : "";
}

}  // namespace soundalike
