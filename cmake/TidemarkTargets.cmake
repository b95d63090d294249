# How a folder of this house becomes targets.
include(GoogleTest)

add_library(tidemark_options INTERFACE)
target_include_directories(tidemark_options INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_definitions(tidemark_options INTERFACE TIDEMARK_VERSION="${PROJECT_VERSION}")
target_compile_options(tidemark_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  target_compile_options(tidemark_options INTERFACE -Wthread-safety)
else()
  # Takes the allocator of Asio's coroutine frames for a mismatched pair when it inlines one half of it.
  target_compile_options(tidemark_options INTERFACE -Wno-mismatched-new-delete)
endif()

# tidemark_library(NAME <name> SRCS <files> [DEPS <targets>] [TESTS <…_test.cc>] [TEST_DEPS <targets>])
#
# One target per folder. Headers are listed among SRCS. Each file in TESTS becomes a test program of its own,
# linked to the library; `ctest` and `./test <filter>` know it by the file's name. A file named *_pgtest.cc or
# *_redistest.cc needs the servers that `./test` starts (TIDEMARK_TEST_POSTGRES_URL, TIDEMARK_TEST_REDIS_URL).
function(tidemark_library)
  cmake_parse_arguments(ARG "" "NAME" "SRCS;DEPS;TESTS;TEST_DEPS" ${ARGN})
  set(kind INTERFACE)
  set(scope INTERFACE)
  if(ARG_SRCS MATCHES "\\.cc")
    set(kind STATIC)
    set(scope PUBLIC)
  endif()
  if(kind STREQUAL STATIC)
    add_library(${ARG_NAME} STATIC ${ARG_SRCS})
  else()
    add_library(${ARG_NAME} INTERFACE)
  endif()
  target_link_libraries(${ARG_NAME} ${scope} tidemark_options ${ARG_DEPS})
  foreach(source ${ARG_TESTS})
    get_filename_component(test ${source} NAME_WE)
    add_executable(${test} ${source})
    target_link_libraries(${test} PRIVATE ${ARG_NAME} ${ARG_TEST_DEPS} GTest::gmock GTest::gtest_main)
    gtest_discover_tests(${test} DISCOVERY_MODE PRE_TEST PROPERTIES LABELS ${test} TIMEOUT 120)
  endforeach()
endfunction()

# tidemark_program(NAME <name> SRCS <files> DEPS <targets>): an executable in build/…/bin.
function(tidemark_program)
  cmake_parse_arguments(ARG "" "NAME" "SRCS;DEPS" ${ARGN})
  add_executable(${ARG_NAME} ${ARG_SRCS})
  target_link_libraries(${ARG_NAME} PRIVATE tidemark_options ${ARG_DEPS})
  # An eighth of a check's processor time less than with glibc's malloc. Sanitizers bring their own.
  if(CMAKE_BUILD_TYPE STREQUAL "Release")
    target_sources(${ARG_NAME} PRIVATE ${PROJECT_SOURCE_DIR}/common/allocator/jemalloc_conf.cc)
    target_link_libraries(${ARG_NAME} PRIVATE PkgConfig::JEMALLOC)
  endif()
  set_target_properties(${ARG_NAME} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
endfunction()
