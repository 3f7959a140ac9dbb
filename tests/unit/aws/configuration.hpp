// Configurations as tests write them: the two files and the variables as texts.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "hearth/error.hpp"
#include "providers/aws/chain.hpp"

namespace hearth::providers::aws {

using GivenVariables = std::map<std::string, std::string, std::less<>>;

inline Result<Variables> variables_of(const GivenVariables& given) {
    return read_variables([&given](std::string_view name) -> std::optional<std::string> {
        const auto found = given.find(name);
        return found == given.end() ? std::nullopt : std::optional(found->second);
    });
}

inline Result<SharedConfig> files_of(std::string_view config, std::string_view credentials = {}) {
    return SharedConfig::parse(
        {.place = {.path = "config", .named_by = {}}, .text = Secret(config)},
        {.place = {.path = "credentials", .named_by = {}}, .text = Secret(credentials)});
}

inline constexpr const char* arn = "arn:aws:iam::123456789012:role/deploy";
// A test that lacks the memory for these may end.
// NOLINTBEGIN(cert-err58-cpp)
inline const std::string role = "role_arn = " + std::string(arn) + "\n";
inline const GivenVariables key_variables{{"AWS_ACCESS_KEY_ID", "env-id"},
                                          {"AWS_SECRET_ACCESS_KEY", "env-secret"}};
inline const std::string keys = "aws_access_key_id = id\naws_secret_access_key = secret\n";
// NOLINTEND(cert-err58-cpp)

struct Asked {
    std::string config;
    std::string credentials;
    GivenVariables variables;
    std::optional<std::string_view> profile;
};

inline Result<Plan> plan_for(const Asked& asked) {
    const auto files = files_of(asked.config, asked.credentials);
    if (!files) return std::unexpected(files.error());
    const auto variables = variables_of(asked.variables);
    if (!variables) return std::unexpected(variables.error());
    return plan(
        {.files = *files, .variables = *variables, .home = "/home/me", .profile = asked.profile});
}

// The ways from the role that was asked for to what it rests on, each with its place.
inline std::string outline(const Result<Plan>& plan) {
    if (!plan) return "error: " + plan.error().what;
    std::string text;
    for (const auto* step = &*plan; step != nullptr;) {
        text += (text.empty() ? "" : " < ") + step->name + "@" + step->place;
        const auto* const role_step = std::get_if<AssumeRole>(&step->way);
        step = role_step == nullptr ? nullptr : role_step->source.get();
    }
    return text;
}

inline std::string outline(const Asked& asked) { return outline(plan_for(asked)); }
inline std::string outline(const std::string& config) { return outline(Asked{.config = config}); }

inline Error error_of(const Asked& asked) {
    const auto plan = plan_for(asked);
    return plan ? Error{Remedy::failed, "no error", ""} : plan.error();
}
inline Error error_of(const std::string& config) { return error_of(Asked{.config = config}); }
inline Error usage(std::string what, std::string hint) {
    return {Remedy::usage, std::move(what), std::move(hint)};
}

}  // namespace hearth::providers::aws
