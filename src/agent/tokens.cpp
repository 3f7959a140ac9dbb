#include "agent/tokens.hpp"

#include "agent/identity.hpp"
#include "agent/line.hpp"
#include "agent/obtaining.hpp"
#include "agent/offers.hpp"
#include "providers/aws/process_document.hpp"

namespace hearth::agent {
namespace {

// Tells of a hand-out, unless there is none.
void answer(Service& service, Call& call, const ProfileName& profile, std::string_view operation,
            const Result<Secret>& line) {
    if (!line) return fail_for(service, call, profile, line.error());
    ++service.metrics.handed_out(profile);
    service.audit.handed_out(call.caller().pid(), profile, operation,
                             [&call] { return call.caller().executable(); });
    call.answer(*line);
}

// How one operation hands a credential out.
using Give = void (*)(Service&, Call&, const ProfileName&, const Credential&);

// The end of what was asked of the engine or of a helper.
auto give_or_fail(Service& service, const CallPtr& call, ProfileName profile, Give give) {
    return [&service, weak = std::weak_ptr(call), profile = std::move(profile),
            give](Result<CredentialPtr> credential) {
        const auto live = weak.lock();
        if (!live) return;
        if (credential) return give(service, *live, profile, **credential);
        fail_for(service, *live, profile,
                 with_empty_offers(service, *live, profile, credential.error()));
    };
}

void give_token(Service& service, Call& call, const ProfileName& profile,
                const Credential& credential) {
    answer(service, call, profile, "token", token_line(credential));
}

void give_after_rejection(Service& service, Call& call, const ProfileName& profile,
                          const Credential& credential) {
    answer(service, call, profile, "rejected", token_line(credential));
}

void give_headers(Service& service, Call& call, const ProfileName& profile,
                  const Credential& credential) {
    const auto& members = call.request().members();
    hearth::Request request{.url = members.text("url"),
                            .payload_hash = members.text("payload_hash"),
                            .service = members.text("service"),
                            .region = members.text("region")};
    if (const auto method = members.text("method"); !method.empty()) request.method = method;
    if (const auto made = credential.authorize(request); !made)
        return fail_for(service, call, profile, made.error());
    Line line;
    line.object("ok").list("headers");
    for (const auto& header : request.headers) line.pair(header.name, header.value);
    answer(service, call, profile, "headers", line.take());
}

// All parts of it, for programs that build something of their own around them.
void give_parts(Service& service, Call& call, const ProfileName& profile,
                const Credential& credential) {
    const auto& profiles = service.engine.settings().profiles;
    const auto settings = profiles.find(profile);
    Line line;
    line.object("ok");
    line.text("provider", settings == profiles.end() ? "" : settings->second->provider);
    if (const auto* const keys = credential.aws_keys()) {
        line.text("kind", "aws").text("access_key_id", keys->access_key_id);
        line.text("secret_access_key", keys->secret_access_key.reveal());
        line.text_or_null("session_token", keys->session_token.reveal());
        line.text_or_null("account_id", keys->account_id);
    } else {
        const bool key = credential.kind() == Credential::Kind::api_key;
        line.text("kind", key ? "api_key" : "bearer").text("token", credential.token().reveal());
    }
    line.instant("expires_at", credential.expires_at());
    answer(service, call, profile, "credentials", line.take());
}

// What the engine knows the rejected credential by: of AWS's keys a caller may have had many forms.
Secret as_kept(Service& service, const ProfileName& profile, const Secret& token) {
    const auto credential = service.engine.warm(profile, Span{});
    const bool same = credential && credential->aws_keys() != nullptr &&
                      providers::aws::of_same_keys(credential->token().reveal(), token.reveal());
    return (same ? credential->token() : token).clone();
}

// The caller has the credential that it asks for; it is told which of its own that is, and the
// lines around it: the value of the header named `blank` ends where the
// credential belongs.
void answer_headers_around_yours(Service& service, Call& call, const ProfileName& profile,
                                 const sources::Source& source) {
    const auto& members = call.request().members();
    const auto method = members.text("method");
    const auto credential = service.engine.credential_of(profile, source, Secret());
    if (!credential) return answer_yours(call, source);
    const auto made = credential->headers(method.empty() ? "GET" : method, members.text("url"));
    if (!made) return fail(service, call, made.error());
    Line line;
    line.object("ok").text("yours", source.name);
    line.text("blank", source.kind == Credential::Kind::api_key ? "x-api-key" : "Authorization");
    line.list("headers");
    for (const auto& header : *made) line.pair(header.name, header.value);
    call.answer(line.take());
}

void tell_that_it_is_yours(Service& /*service*/, Call& call, const ProfileName& /*profile*/,
                           const sources::Source& source) {
    answer_yours(call, source);
}

struct HandOut {
    void (*yours)(Service&, Call&, const ProfileName&, const sources::Source&) = nullptr;
    Give give = nullptr;
};

void hand_out(Service& service, const CallPtr& call, const HandOut& how) {
    const auto profile = profile_of(service, *call);
    if (!profile) return;
    const auto min_ttl = call->request().min_ttl();
    if (!min_ttl) return fail(service, *call, min_ttl.error());
    if (refuse_unknown_organization(service, *call, *profile)) return;
    if (const auto* const own = callers_own(service, *call, *profile))
        return how.yours(service, *call, *profile, *own);
    if (!from_helper(service, *call, *profile)) {
        if (const auto warm = service.engine.warm(*profile, *min_ttl))
            return how.give(service, *call, *profile, *warm);
    }
    const session::Demand demand{.min_remaining = *min_ttl};
    call->keep(
        obtain(service, call, *profile, demand, give_or_fail(service, call, *profile, how.give)));
}

}  // namespace

void token(Service& service, const CallPtr& call) {
    hand_out(service, call, {.yours = tell_that_it_is_yours, .give = give_token});
}

void headers(Service& service, const CallPtr& call) {
    hand_out(service, call, {.yours = answer_headers_around_yours, .give = give_headers});
}

void credentials(Service& service, const CallPtr& call) {
    hand_out(service, call, {.yours = tell_that_it_is_yours, .give = give_parts});
}

// From a caller that was told to run the helper behind the answer that it got.
void helper_refresh(Service& service, const CallPtr& call) {
    const auto profile = profile_of(service, *call);
    if (!profile) return;
    call->keep(service.helpers.refresh(
        call, *profile, [weak = std::weak_ptr(call)](const Result<CredentialPtr>& /*made*/) {
            const auto live = weak.lock();
            if (!live) return;
            Line line;
            line.object("ok");
            live->answer(line.take());
        }));
}

void rejected(Service& service, const CallPtr& call) {
    const auto profile = profile_of(service, *call);
    if (!profile) return;
    const auto token = call->request().members().secret("token");
    if (!token) {
        return fail(
            service, *call,
            Error{Remedy::usage, "the request has no \"token\"", "send the rejected token"});
    }
    if (refuse_unknown_organization(service, *call, *profile)) return;
    // Strangers must not fill the memory.
    if (service.engine.settings().profiles.contains(*profile)) service.metrics.rejected(*profile);
    const auto refused = from_helper(service, *call, *profile)
                             ? service.helpers.as_kept(*profile, *token)
                             : as_kept(service, *profile, *token);
    call->keep(obtain_another(service, call, *profile, refused,
                              give_or_fail(service, call, *profile, give_after_rejection)));
}

}  // namespace hearth::agent
