#include "importing/gcloud.hpp"

#include <algorithm>
#include <array>

namespace hearth::importing {
namespace {

struct Type {
    std::string_view name;
    std::string_view what;
};
constexpr std::array types{
    Type{"authorized_user", "a person's sign-in to Google Cloud"},
    Type{"external_account_authorized_user", "a workforce sign-in to Google Cloud"},
    Type{"service_account", "the key of a service account"},
    Type{"gdch_service_account", "the key of a service account"},
    Type{"external_account", "a workload identity, without a secret of its own"},
    Type{"impersonated_service_account", "a service account on behalf of another credential"},
};

}  // namespace

Finding application_default(const Secret& text) {
    Finding finding{.tool = Tool::gcloud, .path = {}, .what = "a credential of Google Cloud"};
    const auto file = json::View::parse(text.reveal());
    if (!file || !file->is_object()) return refused(std::move(finding), "it is not a JSON object");
    const auto name = (*file)["type"].text();
    const auto* const type = std::ranges::find(types, std::string_view(name), &Type::name);
    if (type == types.end())
        return refused(std::move(finding), "it is of a type that hearth does not know");
    finding.what = type->what;
    finding.account = shown(*file, "account");
    if (finding.account.empty()) finding.account = shown(*file, "client_email");
    return refused(std::move(finding),
                   "it is used where it is: hearth profile add NAME --provider google",
                   "hearth login NAME --with-key-file FILE keeps what it holds in the keychain");
}

}  // namespace hearth::importing
