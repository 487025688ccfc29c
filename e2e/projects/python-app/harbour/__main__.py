from harbour import BERTHS

print(f"{BERTHS} berths")
