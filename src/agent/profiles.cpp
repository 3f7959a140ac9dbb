#include "agent/profiles.hpp"

#include <algorithm>

#include "agent/line.hpp"
#include "agent/projects.hpp"
#include "config/edit.hpp"
#include "config/settings.hpp"

namespace hearth::agent {
namespace {

constexpr Span load_patience = std::chrono::seconds(2);

// Edits the file and puts its settings into use.
Result<> change(Service& service, const config::Edit& edit) {
    auto settings = service.config.edit(
        [&](std::string_view text) { return config::edited(text, service.config.path(), edit); });
    if (!settings) return std::unexpected(std::move(settings).error());
    apply_settings(service, *std::move(settings));
    return {};
}

void answer_empty(Call& call) {
    Line line;
    line.object("ok");
    call.answer(line.take());
}

Error no_profile(const ProfileName& name) {
    return {Remedy::usage, "no profile is called '" + name.text() + "'", "hearth profile list"};
}

// The profile's settings, once it is known to exist; fails the call otherwise.
const Profile* settings_of(Service& service, Call& call) {
    const auto name = profile_of(service, call, "name");
    if (!name) return nullptr;
    const auto& profiles = service.engine.settings().profiles;
    if (const auto found = profiles.find(*name); found != profiles.end())
        return found->second.get();
    fail(service, call, no_profile(*name));
    return nullptr;
}

bool shared(Service& service, const Profile& profile) {
    return std::ranges::count(service.engine.settings().profiles, profile.session,
                              [](const auto& one) { return one.second->session; }) > 1;
}

void remove(Service& service, Call& call, const ProfileName& name, bool erased) {
    if (const auto removed = change(service, config::RemoveProfile{name.text()}); !removed) {
        return fail(service, call, removed.error());
    }
    Line line;
    line.object("ok").text("profile", name.text()).flag("session_erased", erased);
    call.answer(line.take());
}

}  // namespace

void profile_add(Service& service, const CallPtr& call) {
    const auto name = call->request().profile("name");
    if (!name) return fail(service, *call, name.error());
    const auto& members = call->request().members();
    const config::AddProfile added{.name = name->text(),
                                   .provider = members.text("provider"),
                                   .settings = members.pairs("settings")};
    if (const auto done = change(service, added); !done) return fail(service, *call, done.error());
    Line line;
    line.object("ok").text("profile", name->text());
    const auto& profiles = service.engine.settings().profiles;
    const auto usable = service.composition.check(*profiles.at(*name));
    line.text_or_null("missing", usable ? "" : usable.error().what);
    line.text_or_null("hint", usable ? "" : usable.error().hint);
    call->answer(line.take());
}

void profile_list(Service& service, const CallPtr& call) {
    // An empty list because the file is broken would be a lie.
    const auto& broken = service.config.broken();
    if (broken && service.engine.settings().profiles.empty()) return fail(service, *call, *broken);
    Line line;
    line.object("ok").list("profiles");
    for (const auto& [name, profile] : service.engine.settings().profiles) {
        if (!is_persons_own(service, name)) continue;
        line.object({}).text("name", name.text()).text("provider", profile->provider);
        line.text_or_null("issuer", profile->issuer).close();
    }
    call->answer(line.take());
}

void profile_show(Service& service, const CallPtr& call) {
    const auto* const profile = settings_of(service, *call);
    if (profile == nullptr) return;
    const auto show = [&service, weak = std::weak_ptr(call), name = profile->name] {
        const auto live = weak.lock();
        if (!live || live->answered()) return;
        const auto& profiles = service.engine.settings().profiles;
        const auto found = profiles.find(name);
        const auto status = service.engine.status(name);
        if (found == profiles.end() || !status) return fail(service, *live, no_profile(name));
        Line line;
        line.object("ok").text("name", name.text()).list("settings");
        for (const auto& [key, value] : config::described(*found->second)) line.pair(key, value);
        line.close().text_or_null("fingerprint", status->fingerprint);
        live->answer(line.take());
    };
    service.engine.when_loaded(show);
    // Its settings can be read whatever becomes of the store.
    service.loop.at(service.clock.now().boot + load_patience, show);
}

void profile_remove(Service& service, const CallPtr& call) {
    const auto* const profile = settings_of(service, *call);
    if (profile == nullptr) return;
    if (const auto folder = folder_of(service, profile->name); !folder.empty()) {
        return fail(service, *call,
                    Error{Remedy::usage, "it is not in your settings but in a project's",
                          "hearth trust remove " + shell_word(folder)});
    }
    // A copy: removing replaces the settings in which the profile lies.
    const ProfileName name = profile->name;
    if (shared(service, *profile)) return remove(service, *call, name, false);
    // First the session: what is left behind by a failure is then a profile that can be removed
    // again.
    service.composition.workers().run(session::Work::store, [&service, weak = std::weak_ptr(call),
                                                             name, session = profile->session] {
        auto erased = service.composition.forget(session);
        service.loop.post([&service, weak, name, erased = std::move(erased)] {
            const auto live = weak.lock();
            if (!live) return;
            if (!erased) return fail(service, *live, erased.error());
            remove(service, *live, name, true);
        });
    });
}

void config_get(Service& service, const CallPtr& call) {
    if (const auto& broken = service.config.broken()) return fail(service, *call, *broken);
    const auto value =
        config::value_of(service.engine.settings(), call->request().members().text("key"));
    if (!value) return fail(service, *call, value.error());
    Line line;
    line.object("ok").text("value", *value);
    call->answer(line.take());
}

void config_set(Service& service, const CallPtr& call) {
    const auto& members = call->request().members();
    const config::SetKey set{.key = members.text("key"), .value = members.text("value")};
    if (const auto done = change(service, set); !done) return fail(service, *call, done.error());
    const auto value = config::value_of(service.engine.settings(), set.key);
    if (!value) return answer_empty(*call);
    Line line;
    line.object("ok").text("value", *value);
    call->answer(line.take());
}

}  // namespace hearth::agent
