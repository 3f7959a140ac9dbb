# One folder is one namespace, one target and one sentence.
#
#   hearth_module(oauth SOURCES pkce.cpp USES core signing LINKS Boost::json)
#
# USES names other modules (the arrows of ARCHITECTURE.md), LINKS names libraries that stay private to it. A module
# without SOURCES is headers alone.
include(GoogleTest OPTIONAL)

function(hearth_module name)
    cmake_parse_arguments(ARG "" "" "SOURCES;USES;LINKS" ${ARGN})
    list(TRANSFORM ARG_USES PREPEND hearth_)
    set(scope PUBLIC)
    if(ARG_SOURCES)
        add_library(hearth_${name} STATIC ${ARG_SOURCES})
        target_link_libraries(hearth_${name} PUBLIC ${ARG_USES} PRIVATE ${ARG_LINKS})
    else()
        set(scope INTERFACE)
        add_library(hearth_${name} INTERFACE)
        target_link_libraries(hearth_${name} INTERFACE ${ARG_USES})
    endif()
    target_include_directories(
        hearth_${name} ${scope} $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
                                $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/src>)
    set_property(GLOBAL APPEND PROPERTY HEARTH_MODULES hearth_${name})
endfunction()

# hearth_test(oauth_test SOURCES pkce_test.cpp USES oauth): one GoogleTest program, each test known to ctest by its name.
function(hearth_test name)
    cmake_parse_arguments(ARG "" "" "SOURCES;USES;LINKS" ${ARGN})
    add_executable(${name} ${ARG_SOURCES})
    target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
    list(TRANSFORM ARG_USES PREPEND hearth_)
    target_link_libraries(${name} PRIVATE ${ARG_USES} ${ARG_LINKS} GTest::gmock GTest::gtest_main)
    gtest_discover_tests(${name} DISCOVERY_TIMEOUT 120 PROPERTIES TIMEOUT 300)
endfunction()
