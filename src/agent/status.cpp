#include "agent/status.hpp"

#include <algorithm>
#include <atomic>

#include "agent/helper_story.hpp"
#include "agent/identity.hpp"
#include "agent/line.hpp"
#include "agent/offers.hpp"
#include "agent/projects.hpp"
#include "session/organization.hpp"

namespace hearth::agent {
namespace {

using namespace std::chrono_literals;

// A dead keychain must not keep a person from reading the status.
constexpr Span load_patience = 2s;
constexpr Span probe_patience = 300ms;

std::string_view kind_of(const session::ProfileStatus& status) {
    if (!status.kind) return "";
    switch (*status.kind) {
        case Credential::Kind::bearer:
            return "bearer";
        case Credential::Kind::api_key:
            return "api_key";
        case Credential::Kind::aws:
            return "aws";
    }
    std::unreachable();
}

void write_profile(Service& service, Line& line, const session::ProfileStatus& status) {
    line.text("profile", shown_name(service, status.profile)).text("provider", status.provider);
    line.text_or_null("project", folder_of(service, status.profile));
    line.text("state", session::to_string(status.state)).text_or_null("source", status.source);
    line.text_or_null("kind", kind_of(status));
    line.text_or_null("fingerprint", status.fingerprint);
    line.text_or_null("account", status.account.label());
    line.text_or_null("organization", status.account.organization_name);
    line.text_or_null("plan", status.account.plan);
    line.text_or_null("scopes", status.scopes.to_string());
    line.instant("expires_at", status.expires_at).seconds("seconds_left", status.remaining);
    line.instant("renews_at", status.renews_at);
    line.instant("refresh_expires_at", status.refresh_expires_at);
    line.instant("renewed_at", status.renewed_at);
    if (status.renewed_by == 0) {
        line.nothing("renewed_by");
    } else {
        line.number("renewed_by", status.renewed_by);
    }
    line.seconds("skew_seconds", status.server_skew);
    line.text_or_null("last_error", status.last_error);
    line.number("renewals", static_cast<std::int64_t>(status.version.counter));
    service.refreshes.write(line, status.profile);
}

void write_status(Service& service, Line& line, const std::vector<session::ProfileStatus>& statuses,
                  std::string_view store_state) {
    line.object("ok").instant("now", service.clock.now().wall).object("store");
    line.text("kind", composition::to_string(service.composition.store_settings().kind));
    line.text("description", service.composition.store().describe());
    line.text("state", store_state).close();
    line.object("agent").number("pid", service.pid).text("version", service.version);
    line.instant("since", service.since).flag("confined", service.confined).close();
    line.object("config").text("file", service.config.path());
    const auto& broken = service.config.broken();
    line.text_or_null("error", broken ? broken->what : "").close();
    line.list("profiles");
    for (const auto& status : statuses) {
        line.object({});
        write_profile(service, line, status);
        line.close();
    }
    line.close();
    service.sinks.write_status(line);
}

// One request for the status on its way: first the sessions, then, where they leave it open, the
// store.
class Inquiry : public std::enable_shared_from_this<Inquiry> {
  public:
    Inquiry(Service& service, const CallPtr& call, std::optional<ProfileName> only)
        : service_(service), call_(call), only_(std::move(only)) {}

    void begin() {
        service_.engine.when_loaded([self = shared_from_this()] { self->loaded(); });
        limit(load_patience, [](Inquiry& self) { self.loaded(); });
    }

  private:
    void limit(Span patience, void (*then)(Inquiry&)) {
        service_.loop.at(service_.clock.now().boot + patience, [weak = weak_from_this(), then] {
            if (const auto self = weak.lock()) then(*self);
        });
    }

    void loaded() {
        if (std::exchange(loaded_, true)) return;
        const bool proven = std::ranges::any_of(service_.engine.status(), [](const auto& status) {
            return status.state != session::State::unknown &&
                   status.state != session::State::store_unavailable;
        });
        if (proven) return answer("ready");
        service_.composition.workers().run(
            session::Work::store, [self = shared_from_this(), &store = service_.composition.store(),
                                   &loop = service_.loop]() mutable {
                const auto probed = store.probe();
                loop.post([self = std::move(self), probed] {
                    if (probed) return self->answer("ready");
                    self->answer(probed.error().fault == stores::Fault::locked ? "locked"
                                                                               : "unavailable");
                });
            });
        limit(probe_patience, [](Inquiry& self) { self.answer("unknown"); });
    }

    void answer(std::string_view store_state) {
        const auto call = call_.lock();
        if (!call || call->answered()) return;
        auto statuses = service_.engine.status();
        for (auto& one : statuses) with_helper(service_, one);
        if (only_) std::erase_if(statuses, [&](const auto& one) { return one.profile != *only_; });
        Line line;
        write_status(service_, line, statuses, store_state);
        call->answer(line.take());
    }

    Service& service_;
    std::weak_ptr<Call> call_;
    std::optional<ProfileName> only_;
    bool loaded_ = false;
};

std::string why_not(const session::ProfileStatus& status) {
    switch (status.state) {
        case session::State::unknown:
            return "it has not been read yet";
        case session::State::signed_out:
            return "nobody is signed in";
        case session::State::sign_in_needed:
            return status.last_error.empty() ? "a person has to sign in" : status.last_error;
        case session::State::store_unavailable:
        case session::State::refused:
            return status.last_error;
        default:
            return "";
    }
}

std::string renewal_of(const session::ProfileStatus& status, Span refresh_before) {
    if (status.version.counter == 0) return "there is nothing to renew";
    if (status.renews_at) {
        return "renews at " + to_rfc3339(*status.renews_at) + ", " + to_string(refresh_before) +
               " before it expires or at half its life";
    }
    if (!status.expires_at) return "it does not expire";
    if (status.state == session::State::renewing) return "it is being renewed now";
    return "renewed when somebody asks for it and too little is left";
}

void write_event(Service& service, Line& line, const session::Event& event) {
    line.object("event").text("type", session::to_string(event.kind)).instant("at", event.at);
    line.text("profile", shown_name(service, event.profile)).text("text", event.text);
    line.text_or_null("project", folder_of(service, event.profile));
    line.instant("expires_at", event.expires_at);
}

void write_step(Line& line, const sources::Step& step, const std::string& story) {
    line.object({})
        .text("source", step.source->name)
        .flag("found", step.found != sources::Found::no);
    const bool helper = step.source->place == sources::Place::helper;
    line.flag("used", step.used);
    line.text("where", helper ? "run by the process that asks" : "the process that asks");
    line.text("why", step.why + (story.empty() ? "" : "; " + story)).close();
}

// What there is to say of a source beside what resolving it says.
std::string story_of(const sources::Step& step, const Profile& settings,
                     const std::optional<HelperProgram>& program, const Helpers::Known& helper) {
    if (step.used) {
        const auto allowed = session::organization_allowed(settings, step.source->name);
        if (!allowed) return "refused, because " + allowed.error().what;
    }
    const bool tells =
        step.source->place == sources::Place::helper && step.found == sources::Found::yes;
    return tells && program ? story_of(*program, helper) : "";
}

}  // namespace

void status(Service& service, const CallPtr& call) {
    std::optional<ProfileName> only;
    if (call->request().members().has("profile")) {
        only = profile_of(service, *call);
        if (!only) return;
        const auto known = service.engine.status(*only);
        if (!known) return fail(service, *call, known.error());
    }
    std::make_shared<Inquiry>(service, call, std::move(only))->begin();
}

void explain(Service& service, const CallPtr& call) {
    const auto profile = profile_of(service, *call);
    if (!profile) return;
    const auto known = service.engine.status(*profile);
    if (!known) return fail(service, *call, known.error());
    service.engine.when_loaded([&service, weak = std::weak_ptr(call), profile = *profile] {
        const auto live = weak.lock();
        if (!live) return;
        const auto status = service.engine.status(profile);
        if (!status) return fail(service, *live, status.error());
        const auto& settings = *service.engine.settings().profiles.at(profile);
        const bool used = status->state == session::State::fresh ||
                          status->state == session::State::renewing ||
                          status->state == session::State::waiting;
        const bool found = used || status->version.counter != 0 || !status->account.label().empty();
        const auto steps = sources_of(service, *live, profile);
        const auto* const own = sources::before_session(steps);
        const auto helper = service.helpers.known(profile);
        const auto program = service.helpers.program_of(profile);
        Line line;
        line.object("ok").text("profile", profile.text()).list("steps");
        for (const auto& step : steps) {
            if (step.source->place != sources::Place::session)
                write_step(line, step, story_of(step, settings, program, helper));
        }
        line.object({}).text("source", status->source).flag("found", found);
        line.flag("used", used && own == nullptr);
        line.text("where", service.composition.store().describe());
        const auto workload = story_of_workload(settings, *status);
        const auto base = service.engine.rests_on(profile);
        line.text("why", own != nullptr      ? std::string(own->name) + " comes before it"
                         : !workload.empty() ? workload
                         : base && used      ? "it is got with the credential of " + base->text()
                         : base ? "it is got with the credential of " + base->text() + "; " +
                                      why_not(*status)
                         : used ? "it is the session that `hearth login` made"
                                : why_not(*status));
        line.close().close();
        write_project(line, service, *live, profile);
        line.text("session", settings.session.text());
        const bool by_helper = program && own != nullptr && own->place == sources::Place::helper;
        if (program) write_helper(line, *program, helper);
        line.text("renewal", by_helper ? renewal_of_helper(*program)
                             : own != nullptr
                                 ? "what " + std::string(own->name) + " holds is never renewed"
                                 : renewal_of(*status, settings.renewal.refresh_before));
        line.instant("renewed_at", status->renewed_at);
        line.number("renewed_by", status->renewed_by);
        live->answer(line.take());
    });
}

void events(Service& service, const CallPtr& call) {
    call->endless();
    call->keep(service.engine.subscribe(
        [&service, weak = std::weak_ptr(call)](const session::Event& event) {
            const auto live = weak.lock();
            if (!live) return;
            Line line;
            write_event(service, line, event);
            live->event(line.take());
        }));
}

}  // namespace hearth::agent
