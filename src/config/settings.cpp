#include "config/settings.hpp"

#include <utility>

#include "config/key_path.hpp"
#include "config/keys.hpp"
#include "config/toml_document.hpp"
#include "core/try.hpp"

namespace hearth::config {
namespace {

class Reader {
  public:
    explicit Reader(std::string_view file) : file_(file) {}

    [[nodiscard]] Result<Settings> read(const toml::table& root) const {
        Settings settings;
        for (const auto& [key, node] : root) {
            if (key == "store") {
                HEARTH_CHECK(fill(settings.store, store_keys(), "store", node));
                HEARTH_CHECK(infer_key_source(settings.store, *node.as_table()));
            } else if (key == "network") {
                HEARTH_CHECK(fill(settings.network, network_keys(), "network", node));
            } else if (key == "limits") {
                HEARTH_CHECK(fill(settings.rate, limit_keys(), "limits", node));
            } else if (key == "profiles") {
                HEARTH_CHECK(read_profiles(settings.profiles, node));
            } else if (key == "sinks") {
                HEARTH_CHECK(read_sinks(settings, node));
            } else {
                return unknown(key, "a table of this file",
                               {"store", "network", "limits", "profiles", "sinks"});
            }
        }
        return settings;
    }

    [[nodiscard]] Result<ProjectSettings> read_project(const toml::table& root) const {
        ProjectSettings project;
        for (const auto& [key, node] : root) {
            if (key == "profile") {
                project.profile = HEARTH_TRY(profile_name(node));
            } else if (key == "profiles") {
                HEARTH_CHECK(read_profiles(project.profiles, node));
                HEARTH_CHECK(refuse_sessions(*node.as_table()));
            } else {
                return unknown(key, "a setting of a project's folder", {"profile", "profiles"});
            }
        }
        return project;
    }

  private:
    [[nodiscard]] std::unexpected<Error> wrong(const toml::source_position& position,
                                               std::string what, std::string hint = "") const {
        return std::unexpected(
            Error{Remedy::usage, place(file_, position) + std::move(what), std::move(hint)});
    }

    [[nodiscard]] std::unexpected<Error> unknown(const toml::key& key, const std::string& of,
                                                 const std::vector<std::string_view>& known) const {
        const auto like = nearest(key.str(), known);
        return wrong(key.source().begin, "'" + std::string(key.str()) + "' is not " + of,
                     like.empty() ? "hearth-config(5) lists the settings"
                                  : "did you mean '" + std::string(like) + "'?");
    }

    [[nodiscard]] Result<const toml::table*> table(const std::string& name,
                                                   const toml::node& node) const {
        if (const auto* found = node.as_table()) return found;
        return wrong(node.source().begin, name + " must be a table", "[" + name + "]");
    }

    [[nodiscard]] Result<Value> value(const std::string& name, const toml::node& node) const {
        if (const auto* text = node.as_string()) return Value(text->get());
        if (const auto* number = node.as_integer()) {
            return Value(static_cast<double>(number->get()));
        }
        if (const auto* number = node.as_floating_point()) return Value(number->get());
        const auto* list = node.as_array();
        if (list == nullptr) {
            return wrong(node.source().begin,
                         name + " must be a text, a number or a list of texts");
        }
        std::vector<std::string> texts;
        for (const auto& element : *list) {
            const auto* text = element.as_string();
            if (text == nullptr) {
                return wrong(element.source().begin, name + " must be a list of texts");
            }
            texts.push_back(text->get());
        }
        return Value(std::move(texts));
    }

    template <class Owner>
    Result<> assign(Owner& owner, const Key<Owner>& key, const toml::node& node) const {
        const auto given = HEARTH_TRY(value(std::string(key.name), node));
        const auto set = key.set(owner, given);
        if (set) return {};
        return wrong(node.source().begin, std::string(key.name) + " " + set.error().what,
                     set.error().hint);
    }

    template <class Owner>
    Result<> fill(Owner& owner, std::span<const Key<Owner>> keys, const std::string& name,
                  const toml::node& node) const {
        for (const auto& [key, child] : *HEARTH_TRY(table(name, node))) {
            const auto* known = find_key(keys, key.str());
            if (known == nullptr) return unknown(key, "a key of [" + name + "]", names_of(keys));
            HEARTH_CHECK(assign(owner, *known, child));
        }
        return {};
    }

    Result<> infer_key_source(StoreSettings& store, const toml::table& node) const {
        if (!node.contains("key_source")) {
            if (!store.key_file.empty()) store.key_source = "key_file";
            if (store.key_fd >= 0) store.key_source = "key_fd";
            if (!store.key_file.empty() && store.key_fd >= 0) {
                return wrong(node.source().begin, "both key_file and key_fd are set",
                             "say which one counts: key_source = \"key_file\"");
            }
        }
        const bool missing = (store.key_source == "key_file" && store.key_file.empty()) ||
                             (store.key_source == "key_fd" && store.key_fd < 0);
        if (!missing) return {};
        return wrong(node.find("key_source")->second.source().begin,
                     "key_source is \"" + store.key_source + "\", and store." + store.key_source +
                         " is not set");
    }

    [[nodiscard]] Result<ProfileName> profile_name(const toml::node& node) const {
        const auto text = as_text(HEARTH_TRY(value("profile", node)));
        if (!text) return wrong(node.source().begin, "profile " + text.error().what);
        const auto name = Name::parse(*text);
        if (!name) return wrong(node.source().begin, "profile is " + name.error().what);
        return *name;
    }

    // A project's profile that rested on a sign-in of the person would carry its tokens wherever
    // the project says.
    [[nodiscard]] Result<> refuse_sessions(const toml::table& profiles) const {
        for (const auto& [name, node] : profiles) {
            const auto& settings = *node.as_table();
            const auto session = settings.find("session");
            if (session == settings.end()) continue;
            return wrong(session->first.source().begin,
                         "a project's profile has a session of its own, and cannot name another");
        }
        return {};
    }

    using Profiles = std::map<ProfileName, std::shared_ptr<const Profile>>;
    Result<> read_profiles(Profiles& profiles, const toml::node& node) const {
        for (const auto& [key, child] : *HEARTH_TRY(table("profiles", node))) {
            const std::string text(key.str());
            const auto name = Name::parse(text);
            if (!name) {
                return wrong(key.source().begin, "'" + text + "' is " + name.error().what,
                             name.error().hint);
            }
            if (reserved(text)) {
                return wrong(key.source().begin,
                             "'" + text + "' is a name that hearth keeps for itself");
            }
            auto profile = HEARTH_TRY(read_profile(*name, key, child));
            profiles.emplace(*name, std::make_shared<const Profile>(std::move(profile)));
        }
        return {};
    }

    [[nodiscard]] Result<Profile> read_profile(const Name& name, const toml::key& at,
                                               const toml::node& node) const {
        Profile profile = untouched_profile(name);
        const auto* settings = HEARTH_TRY(table("profiles." + name.text(), node));
        profile.renewal = RenewalPolicy::of((*settings)["provider"].value_or(std::string_view()));
        for (const auto& [key, child] : *settings) {
            if (key == authorize_parameters) {
                HEARTH_CHECK(read_parameters(profile, child));
                continue;
            }
            const auto* known = find_key(profile_keys(), key.str());
            if (known == nullptr) {
                return unknown(key, "a key of a profile", names_of(profile_keys()));
            }
            HEARTH_CHECK(assign(profile, *known, child));
        }
        const auto& helper = *std::as_const(profile.helper);
        const bool claude = profile.provider == "claude";
        const auto own = helper_of(profile.provider);
        const bool foreign = (!helper.api_key.empty() && own != "api_key_helper") ||
                             (!helper.token.empty() && own != "token_helper") ||
                             (!helper.credential_export.empty() && own != "credential_export");
        if (foreign) {
            return wrong(at.source().begin,
                         "profile '" + name.text() + "' has a helper of another provider's kind",
                         "a profile of this provider has a " + std::string(own));
        }
        if (!claude && !profile.required_organizations.empty()) {
            return wrong(at.source().begin,
                         "profile '" + name.text() +
                             "' has a require_organization, and its provider names none",
                         "require_organization is for claude profiles");
        }
        if (!profile.provider.empty()) return profile;
        return wrong(at.source().begin, "profile '" + name.text() + "' has no provider",
                     "provider = \"oidc\"");
    }

    // The setting by which a profile of the provider names its helper.
    static std::string_view helper_of(std::string_view provider) {
        if (provider == "claude") return "api_key_helper";
        return provider == "aws" ? "credential_export" : "token_helper";
    }

    [[nodiscard]] Result<> read_sinks(Settings& settings, const toml::node& node) const {
        for (const auto& [key, child] : *HEARTH_TRY(table("sinks", node))) {
            const std::string text(key.str());
            const auto name = Name::parse(text);
            if (!name) {
                return wrong(key.source().begin, "'" + text + "' is " + name.error().what,
                             name.error().hint);
            }
            SinkSettings sink = untouched_sink(*name);
            HEARTH_CHECK(fill(sink, sink_keys(), "sinks." + text, child));
            if (const auto missing = missing_key(sink); !missing.empty()) {
                return wrong(key.source().begin,
                             "sink '" + text + "' has no " + std::string(missing),
                             "hearth-config(5) says what a sink has");
            }
            settings.sinks.emplace(*name, std::move(sink));
        }
        return {};
    }

    static std::string_view missing_key(const SinkSettings& sink) {
        if (sink.profile.empty()) return "profile";
        if (sink.path.empty()) return "path";
        if (sink.kind != SinkKind::netrc) return "";
        if (sink.machine.empty()) return "machine";
        return sink.login.empty() ? "login" : "";
    }

    Result<> read_parameters(Profile& profile, const toml::node& node) const {
        const std::string name(authorize_parameters);
        for (const auto& [key, child] : *HEARTH_TRY(table(name, node))) {
            const std::string parameter(key.str());
            const auto text = as_text(HEARTH_TRY(value(parameter, child)));
            if (!text) return wrong(child.source().begin, parameter + " " + text.error().what);
            profile.authorize_parameters[parameter] = *text;
        }
        return {};
    }

    std::string_view file_;
};

}  // namespace

std::string place(std::string_view file, const toml::source_position& position) {
    return std::string(file) + ":" + std::to_string(position.line) + ":" +
           std::to_string(position.column) + ": ";
}

Result<toml::table> parse_toml(std::string_view text, std::string_view file) {
    auto parsed = toml::parse(text);
    if (parsed) return std::move(parsed).table();
    const auto& error = parsed.error();
    return std::unexpected(Error{Remedy::usage,
                                 place(file, error.source().begin) + "this is not TOML",
                                 std::string(error.description())});
}

Result<Settings> parse_settings(std::string_view text, std::string_view file) {
    return Reader(file).read(HEARTH_TRY(parse_toml(text, file)));
}

Result<ProjectSettings> parse_project(std::string_view text, std::string_view file) {
    return Reader(file).read_project(HEARTH_TRY(parse_toml(text, file)));
}

}  // namespace hearth::config
