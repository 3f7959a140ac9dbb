#include "agent/sign_in.hpp"

#include "agent/line.hpp"
#include "agent/obtaining.hpp"
#include "agent/offers.hpp"
#include "agent/projects.hpp"
#include "agent/remote_person.hpp"
#include "core/try.hpp"

namespace hearth::agent {
namespace {

Result<session::SignInRequest> sign_in_request(const Request& request) {
    const auto& members = request.members();
    session::SignInRequest wanted;
    const auto way = members.text("way");
    if (way == "device") {
        wanted.options.way = providers::SignInWay::device;
    } else if (!way.empty() && way != "browser") {
        return std::unexpected(Error{Remedy::usage, "\"way\" is neither browser nor device", ""});
    }
    wanted.options.open_browser = !members.has("open") || members.flag("open");
    wanted.switch_account = members.flag("switch");
    wanted.token = members.secret("token");
    wanted.key = members.secret("key");
    wanted.unverified = members.flag("unverified");
    return wanted;
}

// Signs out of one profile after the other and remembers the first failure; the others are signed
// out all the same.
class SigningOut : public std::enable_shared_from_this<SigningOut> {
  public:
    SigningOut(Service& service, const CallPtr& call, std::vector<ProfileName> left)
        : service_(service), call_(call), left_(std::move(left)) {}

    void next() {
        if (left_.empty()) return finish();
        const auto profile = left_.back();
        left_.pop_back();
        service_.engine.sign_out(profile, [self = shared_from_this(), profile](Result<> result) {
            if (result) self->done_.push_back(profile);
            if (!result && !self->problem_) self->problem_ = std::move(result).error();
            self->next();
        });
    }

  private:
    void finish() {
        service_.token_lines.forget();
        const auto call = call_.lock();
        if (!call) return;
        if (problem_) return fail(service_, *call, *problem_);
        Line line;
        line.object("ok").list("profiles");
        for (const auto& profile : done_) line.text({}, shown_name(service_, profile));
        call->answer(line.take());
    }

    Service& service_;
    std::weak_ptr<Call> call_;
    std::vector<ProfileName> left_;
    std::vector<ProfileName> done_;
    std::optional<Error> problem_;
};

// One profile for each session that is signed in; signing out twice of one that is shared would
// fail.
std::vector<ProfileName> signed_in(Service& service) {
    std::map<SessionId, ProfileName> by_session;
    for (const auto& [name, profile] : service.engine.settings().profiles) {
        const auto status = service.engine.status(name);
        if (!status || status->state == session::State::signed_out) continue;
        by_session.try_emplace(profile->session, name);
    }
    std::vector<ProfileName> profiles;
    profiles.reserve(by_session.size());
    for (const auto& [session, name] : by_session) profiles.push_back(name);
    return profiles;
}

// The end of a question to the provider: what it said, after what is known already.
auto tell_facts(Service& service, const CallPtr& call, std::vector<providers::Fact> known) {
    return [&service, weak = std::weak_ptr(call),
            known = std::move(known)](Result<std::vector<providers::Fact>> facts) {
        const auto live = weak.lock();
        if (!live) return;
        if (!facts) return fail(service, *live, facts.error());
        Line line;
        line.object("ok").list("facts");
        for (const auto& fact : known) line.pair(fact.name, fact.value);
        for (const auto& fact : *facts) line.pair(fact.name, fact.value);
        live->answer(line.take());
    };
}

// About what a source other than the session holds; one that is refused is named.
void ask_about(Service& service, const CallPtr& call, const ProfileName& profile,
               const sources::Source& source, Secret token) {
    const std::string name(source.name);
    std::vector<providers::Fact> known{{"source", name}};
    if (source.kind == Credential::Kind::bearer) known.push_back({"credential", "access token"});
    service.engine.whoami(profile, source, std::move(token),
                          [tell = tell_facts(service, call, std::move(known)),
                           name](Result<std::vector<providers::Fact>> facts) mutable {
                              if (!facts && facts.error().remedy == Remedy::sign_in) {
                                  facts.error().what += "; it was given by " + name;
                                  facts.error().hint = "give another one, or unset " + name;
                              }
                              tell(std::move(facts));
                          });
}

void whoami_helped(Service& service, const CallPtr& call, const ProfileName& profile) {
    const auto* const source = sources::before_session(sources_of(service, *call, profile));
    call->keep(service.helpers.credential(
        call, profile,
        [&service, weak = std::weak_ptr(call), profile, source](Result<CredentialPtr> credential) {
            const auto live = weak.lock();
            if (!live) return;
            if (!credential) return fail(service, *live, credential.error());
            ask_about(service, live, profile, *source, (*credential)->token().clone());
        }));
}

// About what a caller was given itself. Only an agent that lives for this one caller is told it.
void whoami_given(Service& service, const CallPtr& call, const ProfileName& profile) {
    const auto& members = call->request().members();
    const auto* const source = sources::find(members.text("given"));
    auto token = members.secret("token");
    if (!service.socket.empty()) {
        return fail(
            service, *call,
            Error{Remedy::refused, "an agent that serves others is told no credential", ""});
    }
    if (source == nullptr || !token) {
        return fail(service, *call,
                    Error{Remedy::usage, "the request names no source, or has no \"token\"", ""});
    }
    ask_about(service, call, profile, *source, *std::move(token));
}

}  // namespace

void login(Service& service, const CallPtr& call) {
    auto profile = profile_of(service, *call);
    if (!profile) return;
    const auto wanted = sign_in_request(call->request());
    if (!wanted) return fail(service, *call, wanted.error());
    // Whose sign-in a profile rests on is who signs in; what is handed over is the profile's own.
    const bool handed_over = wanted->token || wanted->key;
    if (auto base = service.engine.rests_on(*profile); base && !handed_over)
        profile = *std::move(base);
    const auto person = std::make_shared<RemotePerson>(service.loop, call);
    call->on_paste([person](Secret pasted) { person->paste(std::move(pasted)); });
    auto attempt = [&service, weak = std::weak_ptr(call), profile = *profile, person](
                       bool /*again*/, auto done) -> std::shared_ptr<void> {
        const auto live = weak.lock();
        if (!live) return nullptr;
        return service.engine.sign_in(profile, *sign_in_request(live->request()), person,
                                      std::move(done));
    };
    const auto whole = std::make_shared<MendedAttempt<session::SignedIn>>(
        service, call, *profile, AuthRefreshes::Wish::insisted, std::move(attempt),
        [&service, weak = std::weak_ptr(call)](Result<session::SignedIn> result) {
            service.token_lines.forget();
            const auto live = weak.lock();
            if (!live) return;
            if (!result) return fail(service, *live, result.error());
            Line line;
            line.object("ok").text("profile", result->profile.text());
            line.text_or_null("account", result->account.label());
            line.text_or_null("organization", result->account.organization_name);
            line.text_or_null("fingerprint", result->fingerprint);
            line.instant("expires_at", result->expires_at).flag("joined", result->joined);
            live->answer(line.take());
        });
    whole->begin();
    call->keep(whole);
}

void logout(Service& service, const CallPtr& call) {
    std::vector<ProfileName> profiles;
    if (call->request().members().flag("all")) {
        profiles = signed_in(service);
    } else if (const auto profile = profile_of(service, *call)) {
        profiles = {*profile};
    } else {
        return;
    }
    std::make_shared<SigningOut>(service, call, std::move(profiles))->next();
}

void whoami(Service& service, const CallPtr& call) {
    const auto profile = profile_of(service, *call);
    if (!profile) return;
    const auto& members = call->request().members();
    if (members.has("given")) return whoami_given(service, call, *profile);
    if (const auto* const own = callers_own(service, *call, *profile))
        return answer_yours(*call, *own);
    if (from_helper(service, *call, *profile)) return whoami_helped(service, call, *profile);
    service.engine.whoami(*profile, tell_facts(service, call, {}));
}

}  // namespace hearth::agent
