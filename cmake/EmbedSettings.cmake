# tidemark_embed_settings(FILE <settings.json> HEADER <settings.h> TYPE <struct> NAMESPACE <namespace> FUNCTION <name>
#                         OUT <variable>)
#
# Writes a C++ file whose FUNCTION returns a TYPE filled from the numbers of FILE, and names it in OUT. A member has
# the path of its number; `x_seconds` fills the absl::Duration `x`, a list a vector. A number that TYPE has no member
# for does not compile. An edited file is embedded anew by the next build.
function(tidemark_embed_settings)
  cmake_parse_arguments(ARG "" "FILE;HEADER;TYPE;NAMESPACE;FUNCTION;OUT" "" ${ARGN})
  get_filename_component(name ${ARG_FILE} NAME_WE)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${ARG_FILE})
  file(READ ${ARG_FILE} json)
  _tidemark_assignments("${json}" "settings" assignments)
  set(generated ${CMAKE_CURRENT_BINARY_DIR}/${name}_settings.cc)
  file(WRITE ${generated}.new "#include \"${ARG_HEADER}\"

namespace ${ARG_NAMESPACE} {

const ${ARG_TYPE}& ${ARG_FUNCTION}() {
  static const auto* const filled = [] {
    auto* const made = new ${ARG_TYPE};
    ${ARG_TYPE}& settings = *made;
${assignments}    return made;
  }();
  return *filled;
}

}  // namespace ${ARG_NAMESPACE}
")
  file(COPY_FILE ${generated}.new ${generated} ONLY_IF_DIFFERENT)
  set(${ARG_OUT} ${generated} PARENT_SCOPE)
endfunction()

function(_tidemark_assignments json path out)
  set(lines "")
  string(JSON count LENGTH "${json}")
  math(EXPR last "${count} - 1")
  foreach(i RANGE ${last})
    string(JSON key MEMBER "${json}" ${i})
    string(JSON value GET "${json}" ${key})
    string(JSON type TYPE "${json}" ${key})
    if(type STREQUAL "OBJECT")
      _tidemark_assignments("${value}" "${path}.${key}" nested)
      string(APPEND lines "${nested}")
      continue()
    endif()
    set(begin "")
    set(end "")
    if(key MATCHES "^(.+)_seconds$")
      set(key ${CMAKE_MATCH_1})
      set(begin "absl::Seconds(")
      set(end ")")
    endif()
    if(type STREQUAL "ARRAY")
      string(REGEX REPLACE "[][ \n]" "" items "${value}")
      string(REPLACE "," "${end}, ${begin}" items "${items}")
      set(value "{${begin}${items}${end}}")
    else()
      set(value "${begin}${value}${end}")
    endif()
    string(APPEND lines "    ${path}.${key} = ${value};\n")
  endforeach()
  set(${out} "${lines}" PARENT_SCOPE)
endfunction()
