#include "agent/aws_roles.hpp"

#include "agent/line.hpp"
#include "agent/projects.hpp"
#include "providers/aws/settled.hpp"
#include "providers/aws/sso_place.hpp"
#include "providers/aws/sso_portal.hpp"

namespace hearth::agent {
namespace {

namespace aws = providers::aws;

// One question to the portal, with the credential of the profile that is signed in there. Nothing
// of it is left when the client goes.
class Listing : public std::enable_shared_from_this<Listing> {
  public:
    Listing(Service& service, const CallPtr& call, const Profile& profile, std::string portal)
        : service_(service),
          call_(call),
          profile_(profile.name),
          portal_(std::move(portal)),
          region_(profile.aws->region),
          account_(call->request().members().text("account")) {}
    Listing(const Listing&) = delete;
    Listing& operator=(const Listing&) = delete;
    ~Listing() { stop_.request_stop(); }

    void begin() {
        ticket_ = service_.engine.credential(profile_, {}, [weak = weak_from_this()](auto got) {
            if (const auto self = weak.lock()) self->ask(std::move(got), Attempt::first);
        });
    }

  private:
    enum class Attempt : std::uint8_t { first, second };

    void ask(Result<CredentialPtr> credential, Attempt attempt) {
        const auto call = call_.lock();
        if (!call) return;
        if (!credential) return none(*call, credential.error());
        auto question = [&http = service_.composition.http(), &clock = service_.clock,
                         &loop = service_.loop, credential = *std::move(credential),
                         portal = portal_, account = account_, stop = stop_.get_token(),
                         sign_in = "hearth login " + shown_name(service_, profile_),
                         weak = weak_from_this(), attempt] {
            const aws::SsoCaller caller{
                .portal = portal, .access_token = credential->token(), .sign_in = sign_in};
            auto found = aws::accounts_and_roles(caller, account, http, clock, stop);
            loop.post([weak, credential, attempt, found = std::move(found)]() mutable {
                if (const auto self = weak.lock())
                    self->take(std::move(found), credential, attempt);
            });
        };
        service_.composition.workers().run(session::Work::network, std::move(question));
    }

    void take(aws::SsoAccounts found, const CredentialPtr& credential, Attempt attempt) {
        const auto call = call_.lock();
        if (!call) return;
        if (found) return answer(*call, *found);
        const bool over = found.error().kind == aws::KeysFailure::Kind::needs_person;
        if (!over || attempt == Attempt::second) return fail(service_, *call, found.error().error);
        // The portal may have ended the token before its time; a renewal tells.
        refusal_ = std::move(found.error().error);
        ticket_ = service_.engine.rejected(profile_, credential->token(), {},
                                           [weak = weak_from_this()](auto got) {
                                               if (const auto self = weak.lock())
                                                   self->ask(std::move(got), Attempt::second);
                                           });
    }

    // Where no renewal is to be had for what the portal refused, the refusal is what to tell.
    void none(Call& call, const Error& error) {
        fail(service_, call, refusal_ && error.remedy == Remedy::failed ? *refusal_ : error);
    }

    void answer(Call& call, const std::vector<aws::SsoAccount>& accounts) const {
        Line line;
        line.object("ok").text_or_null("region", region_).list("roles");
        for (const auto& account : accounts) {
            for (const auto& role : account.roles) {
                line.object({}).text("account_id", account.id);
                line.text_or_null("account_name", account.name);
                line.text_or_null("email", account.email);
                line.text("role_name", role).close();
            }
        }
        call.answer(line.take());
    }

    Service& service_;
    std::weak_ptr<Call> call_;
    ProfileName profile_;
    std::string portal_;
    std::string region_;   // What the profile's roles begin with, too.
    std::string account_;  // Empty: all of them.
    std::optional<Error> refusal_;
    std::stop_source stop_;
    std::unique_ptr<session::Ticket> ticket_;
};

// A profile that signs in to Identity Center; Remedy::usage for any other.
Result<std::shared_ptr<const Profile>> sign_in_profile(Service& service, const ProfileName& name) {
    const auto& profiles = service.engine.settings().profiles;
    const auto found = profiles.find(name);
    const bool signs_in = found != profiles.end() && found->second->provider == "aws" &&
                          aws::signs_in_to_identity_center(*found->second->aws);
    if (signs_in) return found->second;
    return std::unexpected(
        Error{Remedy::usage,
              "profile '" + shown_name(service, name) + "' does not sign in to IAM Identity Center",
              "a profile of provider aws with sso_start_url and sso_region does"});
}

}  // namespace

void aws_roles(Service& service, const CallPtr& call) {
    const auto name = profile_of(service, *call);
    if (!name) return;
    const auto profile = sign_in_profile(service, *name);
    if (!profile) return fail(service, *call, profile.error());
    auto place = aws::sso_place(*(*profile)->aws);
    if (!place) return fail(service, *call, place.error());
    const auto listing =
        std::make_shared<Listing>(service, call, **profile, std::move(place->portal));
    call->keep(listing);
    listing->begin();
}

}  // namespace hearth::agent
