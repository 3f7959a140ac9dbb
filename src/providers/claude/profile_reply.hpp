#pragma once

#include <vector>

#include "core/session.hpp"
#include "json/document.hpp"
#include "providers/provider.hpp"

namespace hearth::providers::claude {

// The account, organisation and workspace of a token reply.
Account account_in_token_reply(const json::Document& reply);

// Takes the organisation and the workspace over, where the reply to a renewal names another one.
void move_organization(Account& account, const Account& told);

// The profile reply is not documented: whatever is there is read, and shown as it is.
std::vector<Fact> facts_in_profile_reply(const json::Document& reply);
// Fills the fields that are still empty, the plan above all.
void add_profile_reply(Account& account, const json::Document& reply);

}  // namespace hearth::providers::claude
