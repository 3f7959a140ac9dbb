#include <algorithm>
#include <array>

#include "agent/aws_roles.hpp"
#include "agent/control.hpp"
#include "agent/doctor.hpp"
#include "agent/endpoints.hpp"
#include "agent/identity.hpp"
#include "agent/import.hpp"
#include "agent/metrics_report.hpp"
#include "agent/profiles.hpp"
#include "agent/projects.hpp"
#include "agent/service.hpp"
#include "agent/sign_in.hpp"
#include "agent/status.hpp"
#include "agent/tokens.hpp"
#include "agent/trust.hpp"

namespace hearth::agent {
namespace {

struct Operation {
    std::string_view name;
    void (*run)(Service&, const CallPtr&);
};

constexpr std::array operations{
    Operation{"hello", hello},
    Operation{"token", token},
    Operation{"headers", headers},
    Operation{"credentials", credentials},
    Operation{"rejected", rejected},
    Operation{"endpoint", endpoint},
    Operation{"helper_refresh", helper_refresh},
    Operation{"identity", identity},
    Operation{"status", status},
    Operation{"whoami", whoami},
    Operation{"explain", explain},
    Operation{"login", login},
    Operation{"logout", logout},
    Operation{"import", import},
    Operation{"profile_add", profile_add},
    Operation{"profile_list", profile_list},
    Operation{"profile_show", profile_show},
    Operation{"profile_remove", profile_remove},
    Operation{"aws_roles", aws_roles},
    Operation{"config_get", config_get},
    Operation{"config_set", config_set},
    Operation{"events", events},
    Operation{"lock", lock},
    Operation{"unlock", unlock},
    Operation{"agent_status", agent_status},
    Operation{"agent_stop", agent_stop},
    Operation{"metrics", metrics},
    Operation{"doctor", doctor},
    Operation{"default_profile", default_profile},
    Operation{"trust_show", trust_show},
    Operation{"trust_add", trust_add},
    Operation{"trust_list", trust_list},
    Operation{"trust_remove", trust_remove},
};

bool same_store(const StoreSettings& left, const StoreSettings& right) {
    return left.kind == right.kind && left.key_source == right.key_source &&
           left.key_file == right.key_file && left.key_fd == right.key_fd &&
           left.timeout == right.timeout;
}

// What a person can give so that the request succeeds the next time.
std::string_view needed(Service& service, const Error& error) {
    if (error.remedy != Remedy::store_locked) return "";
    const auto& store = service.composition.store_settings();
    if (store.kind == StoreKind::keychain)
        return error.hint == stores::unlock_hint ? "desktop" : "";
    if (store.kind != StoreKind::sealed || store.key_source != "passphrase") return "";
    return service.composition.awaits_first_passphrase() ? "new_passphrase" : "passphrase";
}

}  // namespace

void serve(Service& service, const CallPtr& call) {
    const auto& request = call->request();
    const auto found = std::ranges::find(operations, request.operation(), &Operation::name);
    if (found == operations.end()) {
        return call->fail(Error{Remedy::usage, "the agent does not know this operation",
                                "use a hearth of version " + service.version});
    }
    refresh_settings(service);
    if (service.look_around) service.look_around();
    if (service.log.verbose()) {
        service.log.debug(std::string(found->name) + " for process " +
                          std::to_string(call->caller().pid()));
    }
    const auto client = request.client();
    found->run(service, call);
    if (client.empty() || client == service.version) return;
    service.log.info("a client of another version came: the next one starts its own agent");
    service.drain();
}

void refresh_settings(Service& service) {
    if (service.config.path().empty()) return;  // Its settings were given to it.
    if (service.trusted.changed()) {
        if (const auto read = service.trusted.load(); !read) service.log.warn(read.error().what);
        apply_settings(service, service.engine.settings());
    }
    if (!service.config.changed()) return;
    auto settings = service.config.load();
    if (!settings) return service.log.warn(settings.error().what);
    apply_settings(service, *std::move(settings));
}

void apply_settings(Service& service, Settings settings) {
    service.token_lines.forget();
    const bool same = same_store(settings.store, service.composition.store_settings()) &&
                      settings.network == service.composition.network_settings();
    // What was given was for a profile as it stood.
    service.composition.forget_given();
    service.trusted.settle_in(settings);
    const auto orphans = service.sinks.orphaned_by(settings);
    service.engine.configure(std::move(settings));
    service.metrics.keep_only(service.engine.settings());
    service.sinks.reconsider();
    service.sinks.clear(orphans);
    if (same) return;
    service.log.info("settings of the store or the network have changed: the next agent uses them");
    service.drain();
}

void fail(Service& service, Call& call, const Error& error) {
    call.fail(error, needed(service, error));
}

std::optional<ProfileName> profile_of(Service& service, Call& call, std::string_view member) {
    auto profile = call.request().profile(member);
    if (profile && !is_persons_own(service, *profile))
        profile = find_elsewhere(service, call, *profile);
    if (profile) return *std::move(profile);
    fail(service, call, profile.error());
    return std::nullopt;
}

}  // namespace hearth::agent
