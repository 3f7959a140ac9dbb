# What `cmake --install` gives: the programs, libhearth with its headers, and the files that find_package(hearth) reads.
#
# libhearth is one archive of all engine modules. The programs' own modules (agent, cli and what only they use) stay out.
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

# Appends what the modules are linked with, beside each other, to `result`.
function(hearth_collect_links result)
    set(found ${${result}})
    foreach(module IN LISTS ARGN)
        get_target_property(links ${module} LINK_LIBRARIES)
        if(links)
            list(APPEND found ${links})
        endif()
    endforeach()
    list(FILTER found EXCLUDE REGEX "hearth_")
    list(REMOVE_DUPLICATES found)
    set(${result} ${found} PARENT_SCOPE)
endfunction()

get_property(hearth_engine_modules GLOBAL PROPERTY HEARTH_MODULES)
list(FILTER hearth_engine_modules EXCLUDE REGEX "^hearth_(agent|cli|sandbox|wire)")
set(hearth_objects "")
foreach(module IN LISTS hearth_engine_modules)
    get_target_property(type ${module} TYPE)
    if(NOT type STREQUAL INTERFACE_LIBRARY)
        list(APPEND hearth_objects $<TARGET_OBJECTS:${module}>)
    endif()
endforeach()

file(GLOB hearth_headers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/include/hearth/*.hpp ${PROJECT_SOURCE_DIR}/include/hearth/*.h)
add_library(libhearth STATIC ${hearth_objects})
add_library(hearth::hearth ALIAS libhearth)
set_target_properties(libhearth PROPERTIES OUTPUT_NAME hearth EXPORT_NAME hearth LINKER_LANGUAGE CXX)
target_sources(libhearth PUBLIC FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR}/include FILES ${hearth_headers})
target_compile_features(libhearth PUBLIC cxx_std_23)
set(hearth_links "")
hearth_collect_links(hearth_links ${hearth_engine_modules})
target_link_libraries(libhearth PRIVATE ${hearth_links})

install(TARGETS libhearth EXPORT hearth-targets FILE_SET HEADERS COMPONENT development
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development)
install(EXPORT hearth-targets NAMESPACE hearth:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/hearth COMPONENT development)
configure_package_config_file(
    ${PROJECT_SOURCE_DIR}/cmake/hearth-config.cmake.in ${PROJECT_BINARY_DIR}/hearth-config.cmake
    INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/hearth)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/hearth-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/hearth-config.cmake ${PROJECT_BINARY_DIR}/hearth-config-version.cmake
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/hearth COMPONENT development)

foreach(program hearth hearth-agent hearth-sandbox)
    if(TARGET ${program})
        install(TARGETS ${program} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT programs)
    endif()
endforeach()
install(FILES ${PROJECT_SOURCE_DIR}/docs/man/hearth.1 ${PROJECT_SOURCE_DIR}/docs/man/hearth-agent.1
              ${PROJECT_SOURCE_DIR}/docs/man/hearth-sandbox.1
        DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT programs)
install(FILES ${PROJECT_SOURCE_DIR}/docs/man/hearth-config.5 DESTINATION ${CMAKE_INSTALL_MANDIR}/man5 COMPONENT programs)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE ${PROJECT_SOURCE_DIR}/NOTICE ${PROJECT_SOURCE_DIR}/README.md
        DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT programs)
