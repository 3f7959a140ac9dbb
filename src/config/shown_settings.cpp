// Settings as people see them: the value of a key, what a profile has set, what keys there are.
#include "config/key_path.hpp"
#include "config/keys.hpp"
#include "config/settings.hpp"
#include "core/try.hpp"

namespace hearth::config {
namespace {

template <class Owner>
void document(std::vector<KeyDocument>& documents, std::span<const Key<Owner>> keys,
              const std::string& prefix) {
    for (const auto& key : keys) {
        documents.push_back(
            {prefix + std::string(key.name), std::string(key.kind), std::string(key.doc)});
    }
}

}  // namespace

Result<std::string> value_of(const Settings& settings, std::string_view key) {
    using Section = KeyPath::Section;
    const auto path = HEARTH_TRY(KeyPath::parse(key));
    if (path.section == Section::store) {
        return shown(find_key(store_keys(), path.name)->get(settings.store));
    }
    if (path.section == Section::network) {
        return shown(find_key(network_keys(), path.name)->get(settings.network));
    }
    if (path.section == Section::limits) {
        return shown(find_key(limit_keys(), path.name)->get(settings.rate));
    }
    if (path.section == Section::sink) {
        const auto sink = settings.sinks.find(HEARTH_TRY(Name::parse(path.profile)));
        if (sink == settings.sinks.end()) {
            return std::unexpected(
                Error{Remedy::usage, "no sink is called '" + path.profile + "'",
                      "[sinks." + path.profile + "] in config.toml; see hearth-config(5)"});
        }
        return shown(find_key(sink_keys(), path.name)->get(sink->second));
    }
    const auto profile = settings.profiles.find(HEARTH_TRY(Name::parse(path.profile)));
    if (profile == settings.profiles.end()) {
        return std::unexpected(Error{Remedy::usage, "no profile is called '" + path.profile + "'",
                                     "hearth profile list"});
    }
    if (path.section == Section::profile) {
        return shown(find_key(profile_keys(), path.name)->get(*profile->second));
    }
    const auto& parameters = profile->second->authorize_parameters;
    const auto parameter = parameters.find(path.name);
    return parameter == parameters.end() ? std::string() : parameter->second;
}

std::vector<std::pair<std::string, std::string>> described(const Profile& profile) {
    Profile untouched = untouched_profile(profile.name);
    untouched.renewal = RenewalPolicy::of(profile.provider);
    std::vector<std::pair<std::string, std::string>> settings;
    for (const auto& key : profile_keys()) {
        const auto value = key.get(profile);
        if (value == key.get(untouched)) continue;
        settings.emplace_back(key.name, key.secret ? "[secret]" : shown(value));
    }
    for (const auto& [name, value] : profile.authorize_parameters) {
        settings.emplace_back(std::string(authorize_parameters) + "." + name, value);
    }
    return settings;
}

std::vector<KeyDocument> key_documents() {
    std::vector<KeyDocument> documents;
    document(documents, store_keys(), "store.");
    document(documents, network_keys(), "network.");
    document(documents, limit_keys(), "limits.");
    document(documents, profile_keys(), "profiles.NAME.");
    documents.push_back({"profiles.NAME.authorize_parameters", "table",
                         "Further parameters of the authorization request."});
    document(documents, sink_keys(), "sinks.NAME.");
    return documents;
}

}  // namespace hearth::config
