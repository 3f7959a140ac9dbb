#include "agent/tokens.hpp"

#include "agent/identity.hpp"
#include "agent/line.hpp"
#include "agent/offers.hpp"

namespace hearth::agent {
namespace {

void audit(Service& service, Call& call, const ProfileName& profile, std::string_view operation) {
    ++service.metrics.handed_out(profile);
    service.audit.handed_out(call.caller().pid(), profile, operation,
                             [&call] { return call.caller().executable(); });
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
        audit(service, *live, profile, operation);
        live->answer(token_line(**credential));
    };
}

void answer_with_headers(Service& service, Call& call, const ProfileName& profile,
                         const Credential& credential) {
    const auto& members = call.request().members();
    const auto method = members.text("method");
    const auto made = credential.headers(method.empty() ? "GET" : method, members.text("url"));
    if (!made) return fail(service, call, made.error());
    audit(service, call, profile, "headers");
    Line line;
    line.object("ok").list("headers");
    for (const auto& header : *made) line.pair(header.name, header.value);
    call.answer(line.take());
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
        return call->keep(service.helpers.credential(
            call, *profile, answer_with_token(service, call, *profile, "token")));
    }
    if (const auto warm = service.engine.warm(*profile, *min_ttl)) {
        audit(service, *call, *profile, "token");
        return call->answer(token_line(*warm));
    }
    const session::Demand demand{.min_remaining = *min_ttl};
    call->keep(service.engine.credential(*profile, demand,
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
        return call->keep(service.helpers.credential(call, *profile, std::move(answer)));
    if (const auto warm = service.engine.warm(*profile, *min_ttl)) {
        return answer_with_headers(service, *call, *profile, *warm);
    }
    const session::Demand demand{.min_remaining = *min_ttl};
    call->keep(service.engine.credential(*profile, demand, std::move(answer)));
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
    if (from_helper(service, *call, *profile)) {
        return call->keep(service.helpers.rejected(
            call, *profile, *token, answer_with_token(service, call, *profile, "rejected")));
    }
    call->keep(service.engine.rejected(*profile, *token, {},
                                       answer_with_token(service, call, *profile, "rejected")));
}

}  // namespace hearth::agent
