#include "agent/tokens.hpp"

#include "agent/line.hpp"

namespace hearth::agent {
namespace {

void audit(Service& service, Call& call, const ProfileName& profile, std::string_view operation) {
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
        if (!credential) return fail(service, *live, credential.error());
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

}  // namespace

void token(Service& service, const CallPtr& call) {
    const auto profile = profile_of(service, *call);
    if (!profile) return;
    const auto min_ttl = call->request().min_ttl();
    if (!min_ttl) return fail(service, *call, min_ttl.error());
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
    if (const auto warm = service.engine.warm(*profile, *min_ttl)) {
        return answer_with_headers(service, *call, *profile, *warm);
    }
    const session::Demand demand{.min_remaining = *min_ttl};
    call->keep(service.engine.credential(*profile, demand,
                                         [&service, weak = std::weak_ptr(call),
                                          profile = *profile](Result<CredentialPtr> credential) {
                                             const auto live = weak.lock();
                                             if (!live) return;
                                             if (!credential)
                                                 return fail(service, *live, credential.error());
                                             answer_with_headers(service, *live, profile,
                                                                 **credential);
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
    call->keep(service.engine.rejected(*profile, *token, {},
                                       answer_with_token(service, call, *profile, "rejected")));
}

}  // namespace hearth::agent
