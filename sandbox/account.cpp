#include "sandbox/account.hpp"

#include "sandbox/encoding.hpp"

namespace hearth::sandbox {

Account account_of(std::string_view username) {
    const std::string digest = to_hex(sha256(username));
    Account account;
    account.username = username;
    account.subject = "user-" + digest.substr(0, 16);
    account.name = std::string(username.substr(0, username.find('@')));
    if (!account.name.empty() && account.name[0] >= 'a' && account.name[0] <= 'z')
        account.name[0] = static_cast<char>(account.name[0] - 'a' + 'A');
    account.email = std::string(username);
    if (!username.contains('@')) account.email += "@sandbox.example";
    account.uuid = uuid_of("account:" + account.username);
    return account;
}

Tenant tenant_of(const std::string& organization, const std::string& workspace) {
    return {.organization = organization.empty() ? uuid_of("organization") : organization,
            .organization_name =
                organization.empty() ? "Sandbox Organization" : "Organization " + organization,
            .workspace = workspace.empty() ? "wrkspc_sandbox" : workspace,
            .workspace_name = workspace.empty() ? "Default" : workspace};
}

}  // namespace hearth::sandbox
