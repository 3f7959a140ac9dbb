#pragma once

#include <string>
#include <string_view>

namespace hearth::sandbox {

// A person who signs in. Any user name works, and the same one is the same person in every run.
struct Account {
    std::string username;
    std::string subject;
    std::string name;
    std::string email;
    std::string uuid;
};

inline constexpr std::string_view demo_user = "robin";

Account account_of(std::string_view username);

// The organisation and workspace that every account belongs to where nobody asked for another.
struct Tenant {
    std::string organization;
    std::string organization_name;
    std::string workspace;
    std::string workspace_name;
};
Tenant tenant_of(const std::string& organization, const std::string& workspace);

}  // namespace hearth::sandbox
