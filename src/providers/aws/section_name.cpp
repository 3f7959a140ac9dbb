#include "providers/aws/section_name.hpp"

#include <algorithm>
#include <array>

namespace hearth::providers::aws {
namespace {

struct Prefix {
    std::string_view text;
    SectionKind kind;
};
constexpr std::array prefixes{
    Prefix{"profile", SectionKind::profile},
    Prefix{"sso-session", SectionKind::sso_session},
    Prefix{"services", SectionKind::services},
};

SectionName ignored(std::string reason) {
    return {.kind = SectionKind::profile, .name = {}, .ignored = std::move(reason)};
}

SectionName not_a_name() {
    return ignored(
        "this section is ignored: a name is made of letters, digits and - _ / . % @ : +");
}

// [foo], which in the config file is only right for [default].
SectionName unprefixed(std::string_view name) {
    if (name == "default") return {.kind = SectionKind::unprefixed_default, .name = name};
    if (!shared_name(name)) return not_a_name();
    const auto section = "section [" + std::string(name) + "] is ignored: ";
    for (const auto& [prefix, kind] : prefixes) {
        if (!name.starts_with(prefix)) continue;
        const auto rest = name.substr(prefix.size());
        if (rest.empty()) return ignored(section + "it has no name of its own");
        if (std::string_view("-_/.%@:+").contains(rest.front())) continue;
        return ignored(section + "it would have to be [" + std::string(prefix) + " " +
                       std::string(rest) + "]");
    }
    return ignored(section + "it would have to be [profile " + std::string(name) + "]");
}

SectionName in_config(std::string_view prefix, std::string_view name) {
    const auto* const known = std::ranges::find(prefixes, prefix, &Prefix::text);
    if (known == prefixes.end())
        return ignored(
            "this section is ignored: it is neither a profile, an sso-session nor services");
    if (!shared_name(name)) return not_a_name();
    return {.kind = known->kind, .name = name};
}

SectionName in_credentials(std::string_view prefix, std::string_view name) {
    const auto* const known = std::ranges::find(prefixes, prefix, &Prefix::text);
    if (known == prefixes.end() || !shared_name(name)) return not_a_name();
    const auto section =
        "section [" + std::string(prefix) + " " + std::string(name) + "] is ignored: ";
    if (known->kind != SectionKind::profile)
        return ignored(section + "it belongs into the config file");
    return ignored(section + "in this file it would have to be [" + std::string(name) + "]");
}

}  // namespace

SectionName section_name(std::string_view text, SharedFileKind file) {
    const auto blank = text.find_first_of(" \t");
    if (blank == std::string_view::npos) {
        if (file == SharedFileKind::config) return unprefixed(text);
        if (!shared_name(text)) return not_a_name();
        return {.kind = SectionKind::profile, .name = text};
    }
    const auto prefix = text.substr(0, blank);
    const auto name = text.substr(text.find_first_not_of(" \t", blank));
    return file == SharedFileKind::config ? in_config(prefix, name) : in_credentials(prefix, name);
}

}  // namespace hearth::providers::aws
