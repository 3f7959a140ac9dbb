#include "agent/import.hpp"

#include "agent/line.hpp"
#include "agent/projects.hpp"
#include "agent/remote_person.hpp"
#include "core/try.hpp"

namespace hearth::agent {
namespace {

Result<session::SignInRequest> import_request(const Request& request) {
    const auto& members = request.members();
    providers::HeldTokens held;
    auto refresh_token = members.secret("refresh_token");
    if (!refresh_token)
        return std::unexpected(Error{Remedy::usage, "the request has no \"refresh_token\"", ""});
    held.refresh_token = *std::move(refresh_token);
    held.access_token = members.secret("access_token");
    held.client_secret = members.secret("client_secret");
    if (members.has("expires_at"))
        held.expires_at = HEARTH_TRY(parse_rfc3339(members.text("expires_at")));
    held.scopes = HEARTH_TRY(Scopes::parse(members.text("scopes")));
    const auto account = members.object("account");
    held.account.email = account.text("email");
    held.account.organization_id = account.text("organization_id");
    held.account.organization_name = account.text("organization_name");
    held.account.workspace_id = account.text("workspace_id");
    held.account.workspace_name = account.text("workspace_name");
    session::SignInRequest wanted;
    wanted.held = std::move(held);
    return wanted;
}

// What was kept, and what became of the renewal that it needed at once.
void answer(Service& service, Call& call, const session::SignedIn& kept,
            const std::optional<Error>& problem) {
    const auto status = service.engine.status(kept.profile);
    const auto& account = status ? status->account : kept.account;
    Line line;
    line.object("ok").text("profile", kept.profile.text());
    line.text_or_null("account", account.label());
    line.text_or_null("organization", account.organization_name);
    line.instant("expires_at", status ? status->expires_at : kept.expires_at);
    line.text_or_null("problem", problem ? problem->what : "");
    line.text_or_null("hint", problem ? problem->hint : "");
    line.text_or_null("remedy", problem ? to_string(problem->remedy) : "");
    call.answer(line.take());
}

// What serves nobody yet is renewed now: whether the provider still takes the refresh token shows
// at once, and not at the first use.
void finish(Service& service, const CallPtr& call, session::SignedIn kept) {
    if (kept.expires_at && *kept.expires_at > service.clock.now().wall)
        return answer(service, *call, kept, {});
    const auto profile = kept.profile;
    call->keep(service.engine.credential(
        profile, {},
        [&service, weak = std::weak_ptr(call),
         kept = std::move(kept)](const Result<CredentialPtr>& credential) {
            const auto live = weak.lock();
            if (!live) return;
            answer(service, *live, kept,
                   credential ? std::nullopt : std::optional(credential.error()));
        }));
}

}  // namespace

void import(Service& service, const CallPtr& call) {
    const auto profile = profile_of(service, *call);
    if (!profile) return;
    if (!is_persons_own(service, *profile)) {
        return fail(service, *call,
                    Error{Remedy::refused, "a project's profile is given no session of elsewhere",
                          "import under a name of your own"});
    }
    auto wanted = import_request(call->request());
    if (!wanted) return fail(service, *call, wanted.error());
    const auto person = std::make_shared<RemotePerson>(service.loop, call);
    call->keep(service.engine.sign_in(
        *profile, *std::move(wanted), person,
        [&service, weak = std::weak_ptr(call)](Result<session::SignedIn> result) {
            service.token_lines.forget();
            const auto live = weak.lock();
            if (!live) return;
            if (!result) return fail(service, *live, result.error());
            finish(service, live, *std::move(result));
        }));
}

}  // namespace hearth::agent
