# tidemark_embed_sql(TARGET <library> NAMESPACE <namespace> FILES <0001_name.sql> <0002_name.sql> …)
#
# Makes the library TARGET, which defines `<namespace>::Migrations()`: the SQL files in the order given, as the
# list that pg::Migrate takes. Number and name of a migration are its file's name. The header migrations.h, which
# declares the function, stands beside the files. A migration added or edited is embedded anew by the next build.
function(tidemark_embed_sql)
  cmake_parse_arguments(ARG "" "TARGET;NAMESPACE" "FILES" ${ARGN})
  file(RELATIVE_PATH folder ${CMAKE_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
  set(code "#include \"${folder}/migrations.h\"\n\nnamespace ${ARG_NAMESPACE} {\n\n")
  string(APPEND code "const std::vector<pg::Migration>& Migrations() {\n")
  string(APPEND code "  static const auto* const migrations = new std::vector<pg::Migration>{\n")
  foreach(sql ${ARG_FILES})
    if(NOT sql MATCHES "^0*([1-9][0-9]*)_([a-z0-9_]+)\\.sql$")
      message(FATAL_ERROR "${folder}/${sql}: a migration is named like 0001_accounts.sql")
    endif()
    set(version ${CMAKE_MATCH_1})
    set(name ${CMAKE_MATCH_2})
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${sql})
    file(READ ${sql} text)
    string(APPEND code "      {.version = ${version}, .name = \"${name}\", .sql = R\"sql(${text})sql\"},\n")
  endforeach()
  string(APPEND code "  };\n  return *migrations;\n}\n\n}  // namespace ${ARG_NAMESPACE}\n")

  set(generated ${CMAKE_CURRENT_BINARY_DIR}/migrations.cc)
  file(WRITE ${generated}.new "${code}")
  file(COPY_FILE ${generated}.new ${generated} ONLY_IF_DIFFERENT)
  add_library(${ARG_TARGET} STATIC ${generated} migrations.h)
  target_link_libraries(${ARG_TARGET} PUBLIC tidemark_options tidemark_pg)
endfunction()
