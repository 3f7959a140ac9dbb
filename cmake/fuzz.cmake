# One fuzz target per file of tests/fuzz, each with a corpus folder of its name.
#
#   hearth_fuzz_target(token_reply ROUNDS 4000 USES oauth LINKS CURL::libcurl)
#
# Known to ctest as fuzz.token_reply. With HEARTH_FUZZ libFuzzer runs it over the corpus, FUZZ_RUNS inputs; otherwise a
# driver of our own replays the corpus and ROUNDS inputs made of it.
function(hearth_fuzz_target name)
    cmake_parse_arguments(ARG "" "ROUNDS;FUZZ_RUNS" "USES;LINKS" ${ARGN})
    set(target fuzz_${name})
    set(corpus ${CMAKE_CURRENT_SOURCE_DIR}/corpus/${name})
    add_executable(${target} ${name}.cpp)
    target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
    set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
    list(TRANSFORM ARG_USES PREPEND hearth_)
    target_link_libraries(${target} PRIVATE hearth_fuzz_driver ${ARG_USES} ${ARG_LINKS})
    if(HEARTH_FUZZ)
        add_test(NAME fuzz.${name} COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/short-run $<TARGET_FILE:${target}> ${corpus} ${ARG_FUZZ_RUNS})
    else()
        add_test(NAME fuzz.${name} COMMAND ${target} ${ARG_ROUNDS} ${corpus} WORKING_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
    endif()
    set_tests_properties(fuzz.${name} PROPERTIES LABELS fuzz TIMEOUT 120)
endfunction()
