#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "agent/call.hpp"
#include "agent/line.hpp"
#include "agent/refresh_desk.hpp"
#include "composition/composition.hpp"
#include "core/clock.hpp"
#include "session/loop.hpp"

namespace hearth::agent {

// The commands in auth_refresh: has one of the callers run a profile's when its keys cannot be got,
// and tells all who wait what it prints. Across processes a lock lets one run it at a time. Loop
// thread only.
class AuthRefreshes {
  public:
    // Empty: the request is to be tried again. Else what came of the command.
    using Done = std::move_only_function<void(std::optional<sources::HelperTrouble>)>;
    enum class Wish : std::uint8_t { as_needed, insisted };

    AuthRefreshes(composition::Composition& composition, session::Loop& loop, const Clock& clock);
    ~AuthRefreshes();
    AuthRefreshes(const AuthRefreshes&) = delete;
    AuthRefreshes& operator=(const AuthRefreshes&) = delete;

    // Whether the profile has a command that may mend this.
    [[nodiscard]] bool mends(const ProfileName& profile, const Error& error) const;
    // A request of the call, begun at `asked`, has failed. The call may be asked to run the
    // command; whoever else comes waits. It keeps what this returns.
    std::shared_ptr<void> failed(const CallPtr& call, const ProfileName& profile, Span asked,
                                 Wish wish, Done done);
    // What was tried again has failed again; the error as the caller is to hear it.
    Error failed_again(const ProfileName& profile, Error error);

    // The member "auth_refresh"; nothing for a profile without one.
    void write(Line& line, const ProfileName& profile) const;

  private:
    struct Place;
    class Seat;

    [[nodiscard]] const AuthRefreshSettings* settings_of(const ProfileName& profile) const;
    void perform(const ProfileName& profile, RefreshDesk::Effects effects);
    void answer(const ProfileName& profile, RefreshDesk::Asker to,
                std::optional<sources::HelperTrouble> trouble);
    void run(const ProfileName& profile, RefreshDesk::Asker by, std::optional<Span> give_up);
    void wait_for_lock(const ProfileName& profile, RefreshDesk::Asker by,
                       std::optional<Span> give_up);
    void reported(const ProfileName& profile, RefreshDesk::Asker by, const json::Document& report);
    void arm(const ProfileName& profile);
    void left(const ProfileName& profile, RefreshDesk::Asker asker);

    composition::Composition& composition_;
    session::Loop& loop_;
    const Clock& clock_;
    std::map<ProfileName, Place> places_;
    RefreshDesk::Asker next_ = 1;
    std::shared_ptr<AuthRefreshes*> alive_;
};

// The error as the caller is to hear it, where the command was of no use.
Error with_refresh(Error error, const ProfileName& profile, const sources::HelperTrouble& trouble);

}  // namespace hearth::agent
