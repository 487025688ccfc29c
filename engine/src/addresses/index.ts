export {
  addressNumber,
  firstAddress,
  formatAddress,
  formatSubnet,
  isInSubnet,
  isVersion6,
  overlaps,
  parseSubnet,
  sameAddress,
  type Subnet,
  subnetContains,
} from './subnet.ts';
