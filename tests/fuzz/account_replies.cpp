// Who signed in, as a token reply, a profile reply or userinfo tells.
#include "fuzz/target.hpp"
#include "providers/claude/profile_reply.hpp"
#include "providers/oidc/account.hpp"

namespace hearth::fuzz {
namespace {

void require_showable(const Account& account) {
    for (const auto& text :
         {account.subject, account.email, account.name, account.organization_id,
          account.organization_name, account.workspace_id, account.workspace_name, account.plan}) {
        require(!has_control_character(text) && text.size() <= 256);
    }
}

}  // namespace

void try_input(std::string_view input) {
    OneAnswer http(answer_in(input));
    const auto userinfo =
        providers::ask_userinfo(http, "https://issuer.example/userinfo", Secret(planted), {});
    if (!userinfo) return require_discreet(userinfo.error());
    Account unknown;
    require(providers::add_userinfo(unknown, *userinfo).has_value());
    require_showable(unknown);
    Account known;
    known.subject = "somebody";
    const auto added = providers::add_userinfo(known, *userinfo);
    require(added.has_value() == (userinfo->text("sub") == "somebody"));
    require(known.subject == "somebody");

    auto account = providers::claude::account_in_token_reply(*userinfo);
    require_showable(account);
    providers::claude::add_profile_reply(account, *userinfo);
    require_showable(account);
    for (const auto& fact : providers::claude::facts_in_profile_reply(*userinfo)) {
        require(!fact.name.empty() && !fact.value.empty() && !has_control_character(fact.value));
    }
}

}  // namespace hearth::fuzz
