#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "agent/call.hpp"
#include "agent/helper_desk.hpp"
#include "composition/composition.hpp"
#include "core/clock.hpp"
#include "core/profile.hpp"
#include "session/loop.hpp"
#include "sources/source.hpp"

namespace hearth::agent {

// A profile's helper: what to run, and what it prints.
struct HelperProgram {
    std::string_view setting;
    std::string command;
    std::string place;   // File and line, where hearth's settings do not name it.
    bool split = false;  // Into words, instead of being a shell's.
    sources::Prints prints = sources::Prints::token;
    Span kept_for{};
    Span timeout{};
    std::vector<std::string> environment;  // NAME=value, for the program alone.
};

// The profiles' helpers: has one of the callers run a profile's, keeps what it printed in memory,
// and hands that to all who ask. Across processes a lock lets one run it at a time. Loop thread
// only.
class Helpers {
  public:
    using Done = std::move_only_function<void(Result<CredentialPtr>)>;
    // What there is to tell of a profile's helper; never its output.
    struct Known {
        std::optional<Span> age;  // Of the output that is kept.
        std::optional<Instant> ran_at;
        std::string ended;  // "ended with exit status 3"; empty when it has not run.
        bool failed = false;
    };

    Helpers(composition::Composition& composition, session::Loop& loop, const Clock& clock);
    ~Helpers();
    Helpers(const Helpers&) = delete;
    Helpers& operator=(const Helpers&) = delete;

    // What the profile's helper gives. The call may be asked to run it; whoever else asks waits. It
    // keeps what this returns.
    std::shared_ptr<void> credential(const CallPtr& call, const ProfileName& profile, Done done);
    // A server answered 401 to the token.
    std::shared_ptr<void> rejected(const CallPtr& call, const ProfileName& profile,
                                   const Secret& token, Done done);
    // What the output is kept as: of AWS's keys a caller may have had many forms.
    [[nodiscard]] Secret as_kept(const ProfileName& profile, const Secret& token) const;
    // The call is there to run it behind an answer that was given.
    std::shared_ptr<void> refresh(const CallPtr& call, const ProfileName& profile, Done done);

    [[nodiscard]] Known known(const ProfileName& profile) const;
    // What may be handed out of it without a run; null when there is nothing.
    [[nodiscard]] CredentialPtr kept(const ProfileName& profile) const;
    // Absent for a profile without one. For one of AWS its files are looked at.
    [[nodiscard]] std::optional<HelperProgram> program_of(const ProfileName& name) const;
    // What prints the token that the profile's own is got in exchange for; absent where nothing has
    // to be run for that.
    [[nodiscard]] std::optional<HelperProgram> subject_program_of(const ProfileName& name) const;
    // Has the call, or another one, run that. There is no credential then, but the provider has
    // what was printed.
    std::shared_ptr<void> subject_token(const CallPtr& call, const ProfileName& profile, Done done);
    // Drops what was printed.
    void forget() noexcept;

  private:
    struct Place;
    class Seat;

    [[nodiscard]] std::optional<HelperProgram> any_program_of(const ProfileName& name) const;

    std::shared_ptr<void> sit_down(
        const CallPtr& call, const ProfileName& profile, Done done,
        const std::function<HelperDesk::Effects(HelperDesk&, const HelperDesk::Question&, Span)>&
            begin);
    void perform(const ProfileName& profile, HelperDesk::Effects effects);
    void answer(const ProfileName& profile, HelperDesk::Asker to, sources::HelperOutput output);
    void run(const ProfileName& profile, HelperDesk::Asker by, Span give_up);
    void reported(const ProfileName& profile, HelperDesk::Asker by, const json::Document& report);
    void arm(const ProfileName& profile);
    void left(const ProfileName& profile, HelperDesk::Asker asker);

    composition::Composition& composition_;
    session::Loop& loop_;
    const Clock& clock_;
    std::map<ProfileName, Place> places_;
    HelperDesk::Asker next_ = 1;
    std::shared_ptr<Helpers*> alive_;
};

}  // namespace hearth::agent
