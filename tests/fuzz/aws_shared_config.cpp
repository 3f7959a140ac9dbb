// AWS's config file, credentials file and variables, each ended by a line "----".
#include <algorithm>
#include <map>

#include "fuzz/target.hpp"
#include "providers/aws/chain.hpp"
#include "unit/aws/shown.hpp"

namespace hearth::fuzz {
namespace {

using namespace providers::aws;

// What stands before the next line "----".
std::string_view next_part(std::string_view& rest) {
    constexpr std::string_view mark = "\n----\n";
    const auto end = std::min(rest.find(mark), rest.size());
    const auto part = rest.substr(0, end);
    rest.remove_prefix(std::min(end + mark.size(), rest.size()));
    return part;
}

Environment environment_in(std::string_view text) {
    std::map<std::string, std::string, std::less<>> variables;
    while (!text.empty()) {
        const auto [line, rest] = first_line(text);
        const auto equals = std::min(line.find('='), line.size());
        variables[std::string(line.substr(0, equals))] =
            line.substr(std::min(equals + 1, line.size()));
        text = rest;
    }
    return [variables](std::string_view name) -> std::optional<std::string> {
        const auto found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional(found->second);
    };
}

// The section as a file has it, with the line ends that leave every other byte alone.
std::string written(const std::string& head, const Section& section) {
    std::string text = "[" + head + "]\r\n";
    for (const auto& [key, property] : section.properties) {
        text += key + "=";
        for (const char c : shown(property.value)) text += c == '\n' ? "\r\n " : std::string(1, c);
        text += "\r\n";
        for (const auto& [name, value] : property.parts)
            text.append("\t").append(name).append("=").append(shown(value)).append("\r\n");
    }
    return text;
}

std::string written(const SharedFile& file, SharedFileKind kind) {
    const std::string profile = kind == SharedFileKind::config ? "profile " : "";
    std::string text;
    for (const auto& [name, section] : file.profiles) text += written(profile + name, section);
    for (const auto& [name, section] : file.sso_sessions)
        text += written("sso-session " + name, section);
    for (const auto& [name, section] : file.services) text += written("services " + name, section);
    return text;
}

void require_lower_case(std::string_view key) {
    require(std::ranges::none_of(key, [](char c) { return c >= 'A' && c <= 'Z'; }));
}

void try_file(std::string_view text, SharedFileKind kind) {
    const auto file = parse_shared_file(text, "config", kind);
    if (!file) {
        require_discreet(file.error());
        require(file.error().remedy == Remedy::usage && !file.error().hint.empty());
        require(file.error().what.starts_with("config:"));
        return;
    }
    require(file->notes.size() <= most_notes);
    for (const auto& note : file->notes)
        require(note.starts_with("config:") && !has_control_character(note));
    for (const auto& [name, section] : file->profiles) {
        require(shared_name(name) && section.line > 0);
        for (const auto& [key, property] : section.properties) {
            require(shared_name(key) && property.value.line >= section.line);
            require_lower_case(key);
            require(secret_key(key) ? property.value.text.empty() : property.value.secret.empty());
        }
    }
    // What was read and is written makes the same again.
    const auto again = parse_shared_file(written(*file, kind), "config", kind);
    require(again && again->notes.empty() && shown(*again) == shown(*file));
}

void require_plan(const Plan& plan) {
    const auto* step = &plan;
    std::size_t roles = 0;
    while (const auto* const role = std::get_if<AssumeRole>(&step->way)) {
        require(role->source != nullptr && !role->role_arn.empty());
        step = role->source.get();
        ++roles;
    }
    require(roles <= longest_chain);
    if (const auto* const keys = std::get_if<StaticKeys>(&step->way))
        require(!keys->access_key_id.empty() && !keys->secret_access_key.empty());
}

void try_plans(const SharedConfig& files, const Variables& variables) {
    const auto names = files.profile_names();
    // A circle is told by its names.
    const bool discreet =
        std::ranges::none_of(names, [](const std::string& name) { return name.contains(planted); });
    const auto try_plan = [&](std::optional<std::string_view> name) {
        const auto found =
            plan({.files = files, .variables = variables, .home = "/home/me", .profile = name});
        if (found) return require_plan(*found);
        require(found.error().remedy == Remedy::usage && !found.error().hint.empty());
        discreet ? require_discreet(found.error()) : require_sound(found.error());
    };
    try_plan(std::nullopt);
    for (const auto& name : names) try_plan(name);
}

}  // namespace

void try_input(std::string_view input) {
    const auto config = next_part(input);
    const auto credentials = next_part(input);
    try_file(config, SharedFileKind::config);
    try_file(credentials, SharedFileKind::credentials);
    const auto variables = read_variables(environment_in(input));
    if (!variables) return require_discreet(variables.error());
    const auto files = SharedConfig::parse(
        {.place = {.path = "config", .named_by = {}}, .text = Secret(config)},
        {.place = {.path = "credentials", .named_by = {}}, .text = Secret(credentials)});
    if (files) try_plans(*files, *variables);
}

}  // namespace hearth::fuzz
