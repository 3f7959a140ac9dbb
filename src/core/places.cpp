#include "core/places.hpp"

#include "core/try.hpp"

namespace hearth {
namespace {

Result<std::string> absolute(std::string_view variable, std::string value) {
    while (value.size() > 1 && value.back() == '/') value.pop_back();
    if (value.starts_with('/')) return value;
    return std::unexpected(Error{Remedy::usage, std::string(variable) + " is not an absolute path",
                                 "set " + std::string(variable) + " to a path that begins with /"});
}

// The variable's folder, or `fallback` below HOME; an empty variable counts as unset, as XDG asks.
Result<std::string> base_folder(const Environment& environment, std::string_view variable,
                                std::string_view fallback) {
    if (auto value = environment(variable); value && !value->empty())
        return absolute(variable, *std::move(value));
    auto home = environment("HOME");
    if (!home || home->empty()) {
        return std::unexpected(
            Error{Remedy::usage, "neither HOME nor " + std::string(variable) + " is set",
                  "set HOME, or HEARTH_HOME to keep everything below one folder"});
    }
    return HEARTH_TRY(absolute("HOME", *std::move(home))) + std::string(fallback);
}

}  // namespace

Result<Places> places(const Environment& environment) {
    Places found;
    if (auto home = environment("HEARTH_HOME"); home && !home->empty()) {
        const auto root = HEARTH_TRY(absolute("HEARTH_HOME", *std::move(home)));
        found.config_file = root + "/config.toml";
        found.state_folder = root + "/state";
        found.runtime_folder = root + "/run";
    } else {
        found.config_file = HEARTH_TRY(base_folder(environment, "XDG_CONFIG_HOME", "/.config")) +
                            "/hearth/config.toml";
        found.state_folder =
            HEARTH_TRY(base_folder(environment, "XDG_STATE_HOME", "/.local/state")) + "/hearth";
        auto runtime = environment("XDG_RUNTIME_DIR");
        found.runtime_folder =
            runtime && !runtime->empty()
                ? HEARTH_TRY(absolute("XDG_RUNTIME_DIR", *std::move(runtime))) + "/hearth"
                : found.state_folder + "/run";
    }
    found.sealed_folder = found.state_folder + "/sealed";
    return found;
}

}  // namespace hearth
