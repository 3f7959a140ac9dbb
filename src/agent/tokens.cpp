#include "agent/tokens.hpp"

#include "agent/identity.hpp"
#include "agent/line.hpp"
#include "agent/obtaining.hpp"
#include "agent/offers.hpp"
#include "providers/aws/process_document.hpp"

namespace hearth::agent {
namespace {

Error removed_meanwhile() {
    return {Remedy::usage, "the profile was removed meanwhile", "hearth profile list"};
}

void audit(Service& service, Call& call, const ProfileName& profile, std::string_view operation) {
    ++service.metrics.handed_out(profile);
    service.audit.handed_out(call.caller().pid(), profile, operation,
                             [&call] { return call.caller().executable(); });
}

// Tells of a hand-out, unless there is none.
void answer(Service& service, Call& call, const ProfileName& profile, std::string_view operation,
            const Result<Secret>& line) {
    if (!line) return fail_for(service, call, profile, line.error());
    audit(service, call, profile, operation);
    call.answer(*line);
}

// What both token and rejected answer with, once the engine has it.
auto answer_with_token(Service& service, const CallPtr& call, ProfileName profile,
                       std::string_view operation) {
    return [&service, weak = std::weak_ptr(call), profile = std::move(profile),
            operation](Result<CredentialPtr> credential) {
        const auto live = weak.lock();
        if (!live) return;
        if (!credential) {
            return fail_for(service, *live, profile,
                            with_empty_offers(service, *live, profile, credential.error()));
        }
        answer(service, *live, profile, operation, token_line(**credential));
    };
}

void answer_with_headers(Service& service, Call& call, const ProfileName& profile,
                         const Credential& credential) {
    const auto& members = call.request().members();
    hearth::Request request{.url = members.text("url"),
                            .payload_hash = members.text("payload_hash"),
                            .service = members.text("service"),
                            .region = members.text("region")};
    if (const auto method = members.text("method"); !method.empty()) request.method = method;
    if (const auto made = credential.authorize(request); !made)
        return fail_for(service, call, profile, made.error());
    audit(service, call, profile, "headers");
    Line line;
    line.object("ok").list("headers");
    for (const auto& header : request.headers) line.pair(header.name, header.value);
    call.answer(line.take());
}

// All parts of a credential, for programs that build something of their own around them.
Result<Secret> parts_line(const Credential& credential, const Profile& profile) {
    Line line;
    line.object("ok").text("provider", profile.provider);
    const auto* const keys = credential.aws_keys();
    if (keys == nullptr) {
        const bool key = credential.kind() == Credential::Kind::api_key;
        line.text("kind", key ? "api_key" : "bearer").text("token", credential.token().reveal());
    } else {
        line.text("kind", "aws").text("access_key_id", keys->access_key_id);
        line.text("secret_access_key", keys->secret_access_key.reveal());
        line.text_or_null("session_token", keys->session_token.reveal());
        line.text_or_null("account_id", keys->account_id);
    }
    line.instant("expires_at", credential.expires_at());
    return line.take();
}

// What the engine knows the rejected credential by: of AWS's keys a caller may have had many forms.
Secret as_kept(Service& service, const ProfileName& profile, const Secret& token) {
    const auto credential = service.engine.warm(profile, Span{});
    const auto* const keys = credential ? credential->aws_keys() : nullptr;
    const bool same =
        keys != nullptr && providers::aws::access_key_id_in(token.reveal()) == keys->access_key_id;
    return same ? credential->token().clone() : token.clone();
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

}  // namespace

void token(Service& service, const CallPtr& call) {
    const auto profile = profile_of(service, *call);
    if (!profile) return;
    const auto min_ttl = call->request().min_ttl();
    if (!min_ttl) return fail(service, *call, min_ttl.error());
    if (refuse_unknown_organization(service, *call, *profile)) return;
    if (const auto* const own = callers_own(service, *call, *profile))
        return answer_yours(*call, *own);
    if (from_helper(service, *call, *profile)) {
        return call->keep(obtain(service, call, *profile, {},
                                 answer_with_token(service, call, *profile, "token")));
    }
    if (const auto warm = service.engine.warm(*profile, *min_ttl)) {
        return answer(service, *call, *profile, "token", token_line(*warm));
    }
    const session::Demand demand{.min_remaining = *min_ttl};
    call->keep(obtain(service, call, *profile, demand,
                      answer_with_token(service, call, *profile, "token")));
}

void headers(Service& service, const CallPtr& call) {
    const auto profile = profile_of(service, *call);
    if (!profile) return;
    const auto min_ttl = call->request().min_ttl();
    if (!min_ttl) return fail(service, *call, min_ttl.error());
    if (refuse_unknown_organization(service, *call, *profile)) return;
    if (const auto* const own = callers_own(service, *call, *profile))
        return answer_headers_around_yours(service, *call, *profile, *own);
    auto answer = [&service, weak = std::weak_ptr(call),
                   profile = *profile](Result<CredentialPtr> credential) {
        const auto live = weak.lock();
        if (!live) return;
        if (!credential)
            return fail_for(service, *live, profile,
                            with_empty_offers(service, *live, profile, credential.error()));
        answer_with_headers(service, *live, profile, **credential);
    };
    if (from_helper(service, *call, *profile))
        return call->keep(obtain(service, call, *profile, {}, std::move(answer)));
    if (const auto warm = service.engine.warm(*profile, *min_ttl)) {
        return answer_with_headers(service, *call, *profile, *warm);
    }
    const session::Demand demand{.min_remaining = *min_ttl};
    call->keep(obtain(service, call, *profile, demand, std::move(answer)));
}

void credentials(Service& service, const CallPtr& call) {
    const auto profile = profile_of(service, *call);
    if (!profile) return;
    const auto min_ttl = call->request().min_ttl();
    if (!min_ttl) return fail(service, *call, min_ttl.error());
    if (refuse_unknown_organization(service, *call, *profile)) return;
    if (const auto* const own = callers_own(service, *call, *profile))
        return answer_yours(*call, *own);
    auto done = [&service, weak = std::weak_ptr(call),
                 profile = *profile](Result<CredentialPtr> credential) {
        const auto live = weak.lock();
        if (!live) return;
        if (!credential)
            return fail_for(service, *live, profile,
                            with_empty_offers(service, *live, profile, credential.error()));
        const auto found = service.engine.settings().profiles.find(profile);
        if (found == service.engine.settings().profiles.end())
            return fail(service, *live, removed_meanwhile());
        answer(service, *live, profile, "credentials", parts_line(**credential, *found->second));
    };
    if (from_helper(service, *call, *profile))
        return call->keep(obtain(service, call, *profile, {}, std::move(done)));
    if (auto warm = service.engine.warm(*profile, *min_ttl)) return done(std::move(warm));
    const session::Demand demand{.min_remaining = *min_ttl};
    call->keep(obtain(service, call, *profile, demand, std::move(done)));
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
                              answer_with_token(service, call, *profile, "rejected")));
}

}  // namespace hearth::agent
