#include "config/key_path.hpp"

#include "config/keys.hpp"
#include "core/try.hpp"

namespace hearth::config {
namespace {

using Section = KeyPath::Section;

Error unknown(std::string_view key, std::string_view prefix, std::string_view name,
              const std::vector<std::string_view>& known) {
    const auto like = nearest(name, known);
    return Error{Remedy::usage, "'" + std::string(key) + "' is not a setting",
                 like.empty() ? "hearth-config(5) lists them"
                              : "did you mean " + std::string(prefix) + std::string(like) + "?"};
}

template <class Owner>
Result<KeyPath> plain(Section section, std::span<const Key<Owner>> keys, std::string_view prefix,
                      std::string_view name) {
    const auto* key = find_key(keys, name);
    if (key == nullptr) {
        return std::unexpected(
            unknown(std::string(prefix) + std::string(name), prefix, name, names_of(keys)));
    }
    return KeyPath{.section = section, .profile = "", .name = std::string(name), .form = key->form};
}

template <class Owner>
Result<> try_out(std::span<const Key<Owner>> keys, std::string_view name, const Owner& untouched,
                 const Value& value) {
    Owner owner = untouched;
    const auto* key = find_key(keys, name);
    return key == nullptr ? Result<>() : key->set(owner, value);
}

Result<KeyPath> sink_key(std::string_view key, std::string_view rest) {
    const auto last = rest.rfind('.');
    if (last == std::string_view::npos) {
        return std::unexpected(Error{Remedy::usage, "'" + std::string(key) + "' is not a setting",
                                     "sinks.NAME.KEY, such as sinks.ci.path"});
    }
    const std::string sink(rest.substr(0, last));
    auto path =
        HEARTH_TRY(plain(Section::sink, sink_keys(), "sinks." + sink + ".", rest.substr(last + 1)));
    path.profile = sink;
    return path;
}

}  // namespace

Result<KeyPath> profile_key(const std::string& profile, std::string_view key) {
    const std::string_view name = key == "scope" ? "scopes" : key;
    if (name.starts_with(authorize_parameters) &&
        name.substr(authorize_parameters.size()).starts_with('.')) {
        return KeyPath{.section = Section::authorize_parameter,
                       .profile = profile,
                       .name = std::string(name.substr(authorize_parameters.size() + 1))};
    }
    const auto prefix = "profiles." + profile + ".";
    auto path = HEARTH_TRY(plain(Section::profile, profile_keys(), prefix, name));
    path.profile = profile;
    return path;
}

Result<KeyPath> KeyPath::parse(std::string_view key) {
    const auto dot = key.find('.');
    const auto section = key.substr(0, dot);
    const auto rest = dot == std::string_view::npos ? std::string_view() : key.substr(dot + 1);
    if (section == "store") return plain(Section::store, store_keys(), "store.", rest);
    if (section == "network") return plain(Section::network, network_keys(), "network.", rest);
    if (section == "limits") return plain(Section::limits, limit_keys(), "limits.", rest);
    if (section == "sinks") return sink_key(key, rest);
    if (section != "profiles") {
        return std::unexpected(
            unknown(key, "", section, {"store", "network", "limits", "profiles", "sinks"}));
    }
    const auto parameters = "." + std::string(authorize_parameters) + ".";
    const auto inner = rest.find(parameters);
    if (inner != std::string_view::npos) {
        return profile_key(std::string(rest.substr(0, inner)), rest.substr(inner + 1));
    }
    const auto last = rest.rfind('.');
    if (last == std::string_view::npos) {
        return std::unexpected(Error{Remedy::usage, "'" + std::string(key) + "' is not a setting",
                                     "profiles.NAME.KEY, such as profiles.work.issuer"});
    }
    return profile_key(std::string(rest.substr(0, last)), rest.substr(last + 1));
}

std::vector<std::string> KeyPath::tables() const {
    switch (section) {
        case Section::store:
            return {"store"};
        case Section::network:
            return {"network"};
        case Section::limits:
            return {"limits"};
        case Section::profile:
            return {"profiles", profile};
        case Section::authorize_parameter:
            return {"profiles", profile, std::string(authorize_parameters)};
        case Section::sink:
            return {"sinks", profile};
    }
    std::unreachable();
}

Result<> KeyPath::check(const Value& value) const {
    Result<> judged;
    if (section == Section::store) judged = try_out(store_keys(), name, StoreSettings(), value);
    if (section == Section::network) {
        judged = try_out(network_keys(), name, NetworkSettings(), value);
    }
    if (section == Section::limits) judged = try_out(limit_keys(), name, RateLimit(), value);
    if (section == Section::profile) {
        const auto scratch = HEARTH_TRY(Name::parse(profile));
        judged = try_out(profile_keys(), name, untouched_profile(scratch), value);
    }
    if (section == Section::sink) {
        const auto scratch = HEARTH_TRY(Name::parse(profile));
        judged = try_out(sink_keys(), name, untouched_sink(scratch), value);
    }
    if (section == Section::authorize_parameter) {
        const auto text = as_text(value);
        if (!text) judged = std::unexpected(text.error());
    }
    if (judged) return {};
    auto error = std::move(judged).error();
    error.what = name + " " + error.what;
    return std::unexpected(std::move(error));
}

}  // namespace hearth::config
