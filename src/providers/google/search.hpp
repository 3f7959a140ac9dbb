// Where a profile's credentials are: the search order of Application Default Credentials
// (Google's AIP-4110), with the profile's own settings before it.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "core/profile.hpp"
#include "providers/google/credentials.hpp"
#include "providers/google/external_account.hpp"
#include "providers/google/material.hpp"
#include "providers/google/token.hpp"

namespace hearth::providers::google {

// The file to look into; empty: there is none, and the metadata server is asked.
std::string credential_place(const GoogleSettings& settings, Material& material);

struct Found {
    Credentials credentials;
    // Another one once the file, or what the profile makes of it, says otherwise; nothing of what
    // it is made of can be read out of it.
    std::string basis;
};
// Remedy::usage or Remedy::failed, with the file, for what is wrong there.
Result<Found> find_credentials(const Profile& profile, Material& material);

// The same for a profile that rests on another: by what it wants to become.
std::string basis_of_wish(const Profile& profile);

// What the profile wants its tokens to be.
Wanted wanted_of(const Profile& profile);
FileRules rules_of(const GoogleSettings& settings, std::string place);
// The service account to become, in the URL that does it.
Impersonation impersonation_of(const GoogleSettings& settings);

// What `find_credentials` comes to, for questions that come with every request: a file is read
// again once it has changed on disk. Safe from any thread.
class Findings {
  public:
    struct Finding {
        std::string basis;
        std::optional<SubjectCommand> command;  // That the file gets its subject token from.
    };

    // The material outlives this.
    explicit Findings(Material& material) : material_(material) {}

    Finding of(const Profile& profile);
    // The command of this very file has just printed something for the profile.
    void note_printed(const Profile& profile);
    // Whether what was printed for the profile is of the command as it is now.
    bool printed_now(const Profile& profile);

  private:
    struct Known {
        GoogleSettings settings;
        Scopes scopes;
        std::string place;
        std::string stamp;
        Finding finding;
    };

    Material& material_;
    std::mutex mutex_;
    std::map<ProfileName, Known> known_;
    std::map<ProfileName, std::string> printed_;  // The basis then.
};

}  // namespace hearth::providers::google
